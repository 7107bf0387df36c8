// ModifyExptimeRoute: another time to live than the client's.
//
//   {"type": "ModifyExptimeRoute", "target": "...", "exptime": 60, "action": "set"}
//
// "set" (the default) gives every item this time, in seconds as the protocol has it; "min" gives it
// to those that would live longer.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_REWRITING_MODIFY_EXPTIME_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_REWRITING_MODIFY_EXPTIME_ROUTE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

enum class ExptimeAction : std::uint8_t { kSet, kMin };

class ModifyExptimeRoute final : public Route {
 public:
  // `target` outlives this.
  ModifyExptimeRoute(Route* target, ExptimeAction action, std::int64_t exptime_s)
      : target_(*target), action_(action), exptime_s_(exptime_s) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request& request, absl::string_view key) override;
  std::string name() const override;
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  bool Changes(const protocol::Request& request) const;

  Route& target_;
  const ExptimeAction action_;
  const std::int64_t exptime_s_;
};

absl::StatusOr<Route*> MakeModifyExptimeRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_REWRITING_MODIFY_EXPTIME_ROUTE_H_

// MigrateRoute: from one route to another over time, key by key.
//
//   {"type": "MigrateRoute", "from": "...", "to": "...", "start_time": 1700000000,
//    "interval": 3600}
//
// A key moves at start_time + hash(key) % (2 * interval), in Unix seconds. While keys are moving,
// deletes go to both, and the worse reply is given. The hash is StableHash, which is not
// mcrouter's: no key is moved at the same second by both.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_WARMING_MIGRATE_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_WARMING_MIGRATE_ROUTE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

class MigrateRoute final : public Route {
 public:
  // `interval_s` is at least 1. `from` and `to` outlive this.
  MigrateRoute(Route* from, Route* to, std::int64_t start_s, std::int64_t interval_s)
      : from_(*from), to_(*to), start_s_(start_s), interval_s_(interval_s) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  std::string name() const override { return "migrate"; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  Route& Of(absl::string_view key, std::int64_t now_s) const;
  Task<Reply> DeleteFromBoth(Call& call, const RouteRequest& request);

  Route& from_;
  Route& to_;
  const std::int64_t start_s_;
  const std::int64_t interval_s_;
};

absl::StatusOr<Route*> MakeMigrateRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_WARMING_MIGRATE_ROUTE_H_

// AllMajorityRoute: all children, and what more than half of them say.
//
//   {"type": "AllMajorityRoute", "children": [...]}
//
// Replies are the same if they amount to the same (Verdict); the last of the majority is given. If
// there is no majority, the worst reply is.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_FAN_OUT_ALL_MAJORITY_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_FAN_OUT_ALL_MAJORITY_ROUTE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/fan_out/fan_out_route.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

class AllMajorityRoute final : public FanOutRoute {
 public:
  explicit AllMajorityRoute(std::vector<Route*> children) : FanOutRoute(std::move(children)) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  std::string name() const override { return "all-majority"; }
};

absl::StatusOr<Route*> MakeAllMajorityRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_FAN_OUT_ALL_MAJORITY_ROUTE_H_

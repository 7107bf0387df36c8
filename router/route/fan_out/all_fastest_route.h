// AllFastestRoute: all children, and the first reply that is no error.
//
//   {"type": "AllFastestRoute", "children": [...]}
//
// If all are errors, the last one is given.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_FAN_OUT_ALL_FASTEST_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_FAN_OUT_ALL_FASTEST_ROUTE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/fan_out/fan_out_route.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

class AllFastestRoute final : public FanOutRoute {
 public:
  explicit AllFastestRoute(std::vector<Route*> children) : FanOutRoute(std::move(children)) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  std::string name() const override { return "all-fastest"; }
};

absl::StatusOr<Route*> MakeAllFastestRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_FAN_OUT_ALL_FASTEST_ROUTE_H_

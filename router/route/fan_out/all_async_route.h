// AllAsyncRoute: all children, for whose replies nobody waits; the client has NullRoute's at once.
//
//   {"type": "AllAsyncRoute", "children": [...]}
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_FAN_OUT_ALL_ASYNC_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_FAN_OUT_ALL_ASYNC_ROUTE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/fan_out/fan_out_route.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

class AllAsyncRoute final : public FanOutRoute {
 public:
  explicit AllAsyncRoute(std::vector<Route*> children) : FanOutRoute(std::move(children)) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  std::string name() const override { return "all-async"; }
};

absl::StatusOr<Route*> MakeAllAsyncRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_FAN_OUT_ALL_ASYNC_ROUTE_H_

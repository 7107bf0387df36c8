// HostIdRoute: one child for everything that this router does, another one for other routers.
//
//   {"type": "HostIdRoute", "children": [...], "salt": ""}
//
// The route itself is gone once it is read: the chosen child stands in its place.
//
// Thread safety: a function only.

#ifndef RINGCACHE_ROUTER_ROUTE_SELECTION_HOST_ID_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_SELECTION_HOST_ID_ROUTE_H_

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

absl::StatusOr<Route*> MakeHostIdRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_SELECTION_HOST_ID_ROUTE_H_

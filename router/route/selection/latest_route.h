// LatestRoute: of many children few, which differ between routers, one standing in for another.
//
//   {"type": "LatestRoute", "children": [...], "failover_count": 5, "salt": "",
//    "thread_local_failover": false, "failover_errors": ...}
//
// A FailoverRoute over failover_count of the children, by the router's host id, or, if
// thread_local_failover, by its worker's, too.
//
// Thread safety: a function only.

#ifndef RINGCACHE_ROUTER_ROUTE_SELECTION_LATEST_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_SELECTION_LATEST_ROUTE_H_

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

absl::StatusOr<Route*> MakeLatestRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_SELECTION_LATEST_ROUTE_H_

// FailoverWithExptimeRoute: what goes to others while the normal route fails lives briefly there.
//
//   {"type": "FailoverWithExptimeRoute", "normal": "...", "failover": [...],
//    "failover_exptime": 60, "failover_errors": ...}
//
// A failover whose children after the first keep nothing longer than failover_exptime, in seconds.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_FAILOVER_FAILOVER_WITH_EXPTIME_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_FAILOVER_FAILOVER_WITH_EXPTIME_ROUTE_H_

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

absl::StatusOr<Route*> MakeFailoverWithExptimeRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_FAILOVER_FAILOVER_WITH_EXPTIME_ROUTE_H_

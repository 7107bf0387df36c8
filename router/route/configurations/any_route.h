// For tests of configurations: a route of any of mcrouter's types, which builds the routes in it
// and does nothing with them.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ROUTER_ROUTE_CONFIGURATIONS_ANY_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_CONFIGURATIONS_ANY_ROUTE_H_

#include <vector>

#include "router/route/route_type.h"

namespace ringcache::router {

// RouteTypes(), and a type that does nothing for each of mcrouter's usual ones that is not there.
std::vector<RouteType> TypesAndStandIns();

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_CONFIGURATIONS_ANY_ROUTE_H_

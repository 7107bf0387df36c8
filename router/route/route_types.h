// All kinds of routes, by name.
//
// Thread safety: immutable.

#ifndef RINGCACHE_ROUTER_ROUTE_ROUTE_TYPES_H_
#define RINGCACHE_ROUTER_ROUTE_ROUTE_TYPES_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "router/route/route_type.h"

namespace ringcache::router {

// A new kind of route is one row in the source.
absl::Span<const RouteType> RouteTypes();

// Why there is no route of a type that mcrouter has; empty for other names.
absl::string_view WhyNoRouteType(absl::string_view name);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_ROUTE_TYPES_H_

// A kind of route as configurations name it, and what makes one.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_ROUTER_ROUTE_ROUTE_TYPE_H_
#define RINGCACHE_ROUTER_ROUTE_ROUTE_TYPE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

struct RouteType {
  // "type" in an object, and what a short form begins with.
  absl::string_view name;
  // Reads an object of this type, whose keys it checks. What it makes is the builder's.
  absl::StatusOr<Route*> (*make)(const ConfigNode& node, RouteBuilder* builder);
  // The key whose value stands behind the name in the short form, "PoolRoute|A" for "pool"; empty:
  // the short form is the name alone.
  absl::string_view short_key = {};
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_ROUTE_TYPE_H_

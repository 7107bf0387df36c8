// The children of a route, as its part of the configuration has them.
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_ROUTE_CHILDREN_H_
#define RINGCACHE_ROUTER_ROUTE_CHILDREN_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

// Those of the list `key`, at least one.
absl::StatusOr<std::vector<Route*>> ReadChildren(const ConfigNode& node, RouteBuilder* builder,
                                                 absl::string_view key = "children");
// The one that `key` describes.
absl::StatusOr<Route*> ReadChild(const ConfigNode& node, absl::string_view key,
                                 RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_CHILDREN_H_

// Builds a worker's routes of a configuration:
//
//   auto tree = BuildRouteTree(*config, settings, options, &backend_pools);
//
// Building one on pools that never hear of members is how a configuration is checked.
//
// Thread safety: functions only; a tree and its pools belong to one worker, the configuration may
// be used by all of them at once.

#ifndef RINGCACHE_ROUTER_ROUTE_TREE_BUILDER_H_
#define RINGCACHE_ROUTER_ROUTE_TREE_BUILDER_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "router/backend/pool_provider.h"
#include "router/config/router_config.h"
#include "router/config/routing_prefix.h"
#include "router/route/rewriting/big_value_route.h"
#include "router/route/route_builder.h"
#include "router/route/route_tree.h"
#include "router/route/route_type.h"
#include "router/route/route_types.h"

namespace ringcache::router {

// Of one route in another, named ones included: a call keeps a coroutine for each.
inline constexpr std::size_t kMaxRouteDepth = 64;
// In a tree; "Pool|A" is one for each server.
inline constexpr std::size_t kMaxRoutes = 100000;

struct RouteTreeOptions {
  static constexpr std::size_t kMinBigValueBytes = BigValueOptions::kMinThresholdBytes;
  static constexpr std::size_t kMaxBigValueBatch = BigValueOptions::kMaxBatch;

  // False: keys have no routing prefixes, whatever they begin with.
  bool routing_prefixes = true;
  // Of keys without one, and of a configuration with one "route".
  std::string default_prefix = std::string(kDefaultRoutingPrefix);
  // Keys whose prefix no route has take the default's route; else there is none for them.
  bool send_invalid_route_to_default = false;
  absl::Span<const RouteType> types = RouteTypes();
  // Above every prefix's route: a BigValueRoute with this threshold and batch, unless it is 0, and
  // above that a LoggingRoute.
  std::size_t big_value_split_bytes = 0;
  std::size_t big_value_batch = BigValueOptions().batch;
  bool logs_requests = false;
};

// Fails with the place of what is wrong. `pools` outlives the tree.
absl::StatusOr<std::unique_ptr<RouteTree>> BuildRouteTree(const RouterConfig& config,
                                                          const RouteSettings& settings,
                                                          const RouteTreeOptions& options,
                                                          PoolProvider* pools);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_TREE_BUILDER_H_

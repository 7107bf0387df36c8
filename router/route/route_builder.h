// What the `Make...` functions of routes are given: children, pools and settings of the tree that
// is being built.
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_ROUTE_ROUTE_BUILDER_H_
#define RINGCACHE_ROUTER_ROUTE_ROUTE_BUILDER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "process/log_sink.h"
#include "router/backend/backend_pool.h"
#include "router/config/config_node.h"
#include "router/config/pool_use.h"
#include "router/route/route.h"

namespace ringcache::router {

// What differs between routers of one configuration.
struct RouteSettings {
  // Of HostIdRoute and its kin. A router that is given none makes it of the host's name.
  std::uint32_t host_id = 0;
  // Of routes that leave things to chance: the worker's number, from 1.
  std::uint64_t seed = 1;
  // Values longer than this cannot be copied, repeated or compared.
  std::size_t max_held_value_bytes = std::size_t{1} << 20;
  // Of routes that say what they do; writing does not wait. Null: they say nothing.
  process::LogSink* log = nullptr;
};

class RouteBuilder {
 public:
  virtual ~RouteBuilder() = default;

  // The route that `node` describes: an object with "type", a short form ("PoolRoute|A"), or the
  // name of a named handle. The tree owns it.
  virtual absl::StatusOr<Route*> Build(const ConfigNode& node) = 0;
  // Of a list, or of a single one in place of a list.
  virtual absl::StatusOr<std::vector<Route*>> BuildList(const ConfigNode& node) = 0;
  // "hash" of a PoolRoute or HashRoute, if `node` has it: its function, salt and weights; else
  // mcrouter's default, Ch3.
  virtual absl::StatusOr<PoolUse> ReadHash(const ConfigNode& node) = 0;
  // The pool that `node` names (a string) or describes (an object with "name"), placed so.
  virtual absl::StatusOr<BackendPool*> Pool(const ConfigNode& node, const PoolUse& use) = 0;
  // Owned by the tree.
  virtual Route* Own(std::unique_ptr<Route> route) = 0;
  virtual const RouteSettings& settings() const = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_ROUTE_BUILDER_H_

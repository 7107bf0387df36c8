// What a whole configuration says: pools, and which routes keys take.
//
//   {"pools": {"A": {"servers": ["10.0.0.1:11211"]}},
//    "named_handles": [{"type": "PoolRoute", "name": "a", "pool": "A"}],
//    "route": "a"}             or   "routes": [{"aliases": ["/region/cluster/"], "route": "a"}]
//
// Routes and handles are found here and read when a tree is built of them.
//
// Thread safety: immutable; shared as std::shared_ptr<const RouterConfig>.

#ifndef RINGCACHE_ROUTER_CONFIG_ROUTER_CONFIG_H_
#define RINGCACHE_ROUTER_CONFIG_ROUTER_CONFIG_H_

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "router/config/config_file.h"
#include "router/config/config_node.h"
#include "router/config/pool_config.h"

namespace ringcache::router {

class RouterConfig {
 public:
  // Of routing prefixes; each needs an entry in a table.
  static constexpr std::size_t kMaxPrefixes = 10000;

  struct PrefixedRoute {
    // Empty: what was written as "route", which keys without a prefix take.
    std::vector<std::string> prefixes;
    ConfigNode route;
  };

  // Fails, naming the place, on keys that are not known, pools that are wrong, and macros.
  static absl::StatusOr<std::shared_ptr<const RouterConfig>> Read(
      std::shared_ptr<const ConfigFile> file);

  const ConfigFile& file() const { return *file_; }
  // The object "pools", if there is one.
  const std::optional<ConfigNode>& pools_node() const { return pools_node_; }
  const std::map<std::string, PoolConfig>& pools() const { return pools_; }
  const std::map<std::string, ConfigNode>& named_handles() const { return named_handles_; }
  // At least one.
  const std::vector<PrefixedRoute>& routes() const { return routes_; }
  // What was read and has no effect, for the log: "<file>:<line>: <path>: ...".
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  explicit RouterConfig(std::shared_ptr<const ConfigFile> file) : file_(std::move(file)) {}

  absl::Status ReadAll();
  absl::Status ReadNamedHandles(const ConfigNode& node);
  absl::Status AddNamedHandle(const std::string& name, const ConfigNode& handle);
  absl::Status ReadRoutes(const ConfigNode& root);
  absl::Status ReadRouteList(const ConfigNode& list);
  absl::Status ReadRouteObject(const ConfigNode& object);
  absl::Status AddPrefix(const std::string& prefix, const ConfigNode& node, PrefixedRoute* route);

  const std::shared_ptr<const ConfigFile> file_;
  std::optional<ConfigNode> pools_node_;
  std::map<std::string, PoolConfig> pools_;
  std::map<std::string, ConfigNode> named_handles_;
  std::vector<PrefixedRoute> routes_;
  std::map<std::string, std::size_t> lines_of_prefixes_;
  std::vector<std::string> notes_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_CONFIG_ROUTER_CONFIG_H_

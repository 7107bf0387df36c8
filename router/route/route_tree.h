// The routes of one worker, built from one configuration (tree_builder.h).
//
// Thread safety: belongs to one worker.

#ifndef RINGCACHE_ROUTER_ROUTE_ROUTE_TREE_H_
#define RINGCACHE_ROUTER_ROUTE_ROUTE_TREE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "router/backend/backend_pool.h"
#include "router/backend/pool_provider.h"
#include "router/config/pool_config.h"
#include "router/route/route.h"

namespace ringcache::router {

class RouteTree {
 public:
  // One route for all keys, which have no prefixes, on `pools`, which are their owner's.
  explicit RouteTree(std::unique_ptr<Route> root, std::vector<BackendPool*> pools = {});
  // Gives the pools back, so not from within a callback of a connection. REQUIRES: no call runs.
  ~RouteTree();
  RouteTree(const RouteTree&) = delete;
  RouteTree& operator=(const RouteTree&) = delete;

  // The route for `key`, and what of the key follows its routing prefix; null if no route has that
  // prefix, or if nothing follows it.
  Route* For(absl::string_view key, absl::string_view* key_without_prefix) const {
    *key_without_prefix = key;
    if (key.empty() || key[0] != '/' || !has_prefixes_) return default_route_;
    return ForPrefixed(key, key_without_prefix);
  }

  // The pools that routes ask, in the order in which they were built; the first one is what keys
  // that nothing else is known of are likeliest to reach.
  const std::vector<BackendPool*>& backend_pools() const { return pools_; }
  // The same, as they were configured, by name: whose members are to be followed.
  const std::map<std::string, PoolConfig>& pools() const { return pool_configs_; }
  // What was read and has no effect, besides RouterConfig::notes().
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  friend class TreeBuilder;

  explicit RouteTree(PoolProvider* provider) : provider_(provider) {}

  Route* ForPrefixed(absl::string_view key, absl::string_view* key_without_prefix) const;

  PoolProvider* const provider_;     // null: there is nobody to give pools back to
  std::vector<BackendPool*> pools_;  // to be given back
  std::vector<std::unique_ptr<Route>> routes_;
  bool has_prefixes_ = false;
  bool unknown_to_default_ = false;
  Route* default_route_ = nullptr;
  absl::flat_hash_map<std::string, Route*> by_prefix_;
  std::map<std::string, PoolConfig> pool_configs_;
  std::vector<std::string> notes_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_ROUTE_TREE_H_

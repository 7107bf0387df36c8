// Reads pools:
//
//   "pools": {"A": {"servers": ["10.0.0.1:11211", "10.0.0.2:11211"], "server_timeout": 200},
//             "B": {"discovery": "k8s+cache.default", "placement": "ketama", "warm_up": 60000},
//             "C": {"inherit": "A", "server_timeout": 1000}}
//
// What mcrouter's pools say besides and what changes nothing here is taken with a note; what would
// change what becomes of requests is refused.
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_CONFIG_POOL_READER_H_
#define RINGCACHE_ROUTER_CONFIG_POOL_READER_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "router/config/config_node.h"
#include "router/config/pool_config.h"

namespace ringcache::router {

class PoolReader {
 public:
  // Pools that one inherits from, itself included.
  static constexpr std::size_t kMaxInheritance = 16;
  // Past so many, notes are left out.
  static constexpr std::size_t kMaxNotes = 100;

  // `pools`: the object that names them, for who inherits; its file outlives this.
  explicit PoolReader(std::optional<ConfigNode> pools) : pools_(std::move(pools)) {}

  // All of them, by name.
  absl::StatusOr<std::map<std::string, PoolConfig>> ReadAll();
  // The pool that `node`, an object, describes.
  absl::StatusOr<PoolConfig> Read(const std::string& name, const ConfigNode& node);

  // "<file>:<line>: <path>: has no effect here: ...", of all that was read.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  // A pool and those it inherits from, the nearest first.
  using Layers = std::vector<ConfigNode>;

  absl::StatusOr<Layers> LayersOf(const ConfigNode& node) const;
  absl::Status CheckKeys(const ConfigNode& layer);
  absl::Status ReadMembers(const Layers& layers, PoolConfig* pool);
  absl::Status ReadServers(const ConfigNode& servers, PoolConfig* pool);
  absl::Status ReadHostnames(const ConfigNode& hostnames, PoolConfig* pool);
  absl::Status ReadWeights(const ConfigNode& weights, PoolConfig* pool);
  absl::Status ReadTimes(const Layers& layers, PoolConfig* pool);
  absl::Status ReadPlacement(const Layers& layers, PoolConfig* pool);
  absl::Status ReadConnections(const Layers& layers, PoolConfig* pool);
  absl::Status ReadMaxDown(const Layers& layers, PoolConfig* pool);
  void Note(const ConfigNode& node, absl::string_view note);

  const std::optional<ConfigNode> pools_;
  std::vector<std::string> notes_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_CONFIG_POOL_READER_H_

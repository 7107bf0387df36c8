// How a route places keys on the members of its pool, or on its children: mcrouter's hash settings.
//
//   "hash": "Crc32"
//   "hash": {"hash_func": "WeightedCh3", "weights": [1, 0.5], "salt": "2"}
//   "hash": {"hash_func": "ketama", "key_hash": "fnv1a_64"}
//
// Thread safety: a plain value, and a pure function.

#ifndef RINGCACHE_ROUTER_CONFIG_POOL_USE_H_
#define RINGCACHE_ROUTER_CONFIG_POOL_USE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "hashring/placement/placement_kind.h"
#include "hashring/ring_options.h"
#include "router/config/config_node.h"

namespace ringcache::router {

struct PoolUse {
  // Ch3 and mcrouter's hash stop unless the configuration says otherwise.
  hashring::RingOptions ring = {.placement = hashring::PlacementKind::kCh3, .hash_stop = "|#|"};
  // Weights by position in the pool, of weighted placements; empty: the pool's own.
  std::vector<double> weights;
  // A function was named; else the pool's own placement goes before ring.placement.
  bool names_placement = false;
};

// "hash" of `node`, or, as a HashRoute has it, its own "hash_func", "salt", "weights" and
// "key_hash". The function is mcrouter's ("Ch3", "Crc32", "WeightedCh3", "Rendezvous") or one of
// hashring's by its name there. REQUIRES: node.is_object().
absl::StatusOr<PoolUse> ReadPoolUse(const ConfigNode& node);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_CONFIG_POOL_USE_H_

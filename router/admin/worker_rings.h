// The rings of a router's pools, as its workers have them.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_ROUTER_ADMIN_WORKER_RINGS_H_
#define RINGCACHE_ROUTER_ADMIN_WORKER_RINGS_H_

#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "admin/ring/pool_ring.h"
#include "router/stats/worker_snapshot.h"

namespace ringcache::router {

// One for each pool that has members: the first worker's ring, with members that are down if they
// are so for any worker. A pool that routes place in several ways has several rings, "cache",
// "cache#2", ....
std::vector<admin::PoolRing> RingsOf(
    absl::Span<const std::shared_ptr<const WorkerSnapshot>> workers);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ADMIN_WORKER_RINGS_H_

// The members of all pools with what all workers know of them, each member once for each pool.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_ROUTER_STATS_POOL_SUMMARY_H_
#define RINGCACHE_ROUTER_STATS_POOL_SUMMARY_H_

#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "router/stats/worker_snapshot.h"

namespace ringcache::router {

// Counts are summed; a member is up if it is so for every worker, and its last problem is that of
// the first worker that has one. Pools and members come in the order in which workers name them; a
// pool that routes place in several ways is one, without a ring.
std::vector<PoolSnapshot> SummaryOf(
    absl::Span<const std::shared_ptr<const WorkerSnapshot>> workers);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_STATS_POOL_SUMMARY_H_

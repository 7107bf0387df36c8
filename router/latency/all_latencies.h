// The latencies of all workers put together: one series for each class of commands, and one for
// each member of each pool that has answered.
//
// Thread safety: a pure function; workers may record meanwhile.

#ifndef RINGCACHE_ROUTER_LATENCY_ALL_LATENCIES_H_
#define RINGCACHE_ROUTER_LATENCY_ALL_LATENCIES_H_

#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "admin/backend/stats.h"
#include "router/latency/command_latencies.h"
#include "router/stats/worker_snapshot.h"

namespace ringcache::router {

// Classes come in their order, also those without requests; members in that in which workers name
// them. A member of a pool that routes place in several ways is one.
std::vector<admin::LatencySeries> AllLatencies(
    absl::Span<const CommandLatencies* const> commands,
    absl::Span<const std::shared_ptr<const WorkerSnapshot>> workers);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_LATENCY_ALL_LATENCIES_H_

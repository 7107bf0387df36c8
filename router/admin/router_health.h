// Whether a router is well: its threads turn, it takes clients, and has members to ask for them.
//
// Ready is who has one usable member in one pool. Routers share their members: if one pool that is
// down made all of its routers unready, the clients of the other pools had nobody left.
//
// Ownership: `threads` outlives this. Thread safety: any thread.

#ifndef RINGCACHE_ROUTER_ADMIN_ROUTER_HEALTH_H_
#define RINGCACHE_ROUTER_ADMIN_ROUTER_HEALTH_H_

#include <atomic>
#include <memory>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "admin/backend/health.h"
#include "process/drain_sequence.h"
#include "process/loop_watch.h"
#include "router/stats/worker_snapshot.h"

namespace ringcache::router {

class RouterHealth {
 public:
  using Workers = absl::Span<const std::shared_ptr<const WorkerSnapshot>>;

  // A thread that has not turned for `stuck_after` is stuck.
  RouterHealth(process::LoopWatch* threads, absl::Duration stuck_after)
      : threads_(*threads), stuck_after_(stuck_after) {}

  // Asks all threads for a sign of life, to be told at a later check.
  admin::Health Check(const process::DrainSequence::State& drain, bool accepting, Workers workers);

 private:
  process::LoopWatch& threads_;
  const absl::Duration stuck_after_;
  // Relaxed: one bit, which orders nothing.
  std::atomic<bool> started_{false};
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ADMIN_ROUTER_HEALTH_H_

// What a router tells of itself: its counts, its workers and its configuration.
//
// Thread safety: any thread.

#ifndef RINGCACHE_ROUTER_STATS_ROUTER_INSPECTOR_H_
#define RINGCACHE_ROUTER_STATS_ROUTER_INSPECTOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "admin/backend/stats.h"
#include "metrics/hot_key_sketch.h"
#include "router/replay/delete_spool_figures.h"
#include "router/router_counters.h"
#include "router/stats/worker_snapshot.h"

namespace ringcache::router {

// Of one worker, now.
struct WorkerCounts {
  std::uint64_t bytes_received = 0;  // from clients
  std::uint64_t bytes_sent = 0;
  std::uint64_t requests = 0;
  std::uint64_t yields = 0;
  std::uint64_t pauses = 0;
};

// Of all workers together, now.
struct RouterFigures {
  RouterCounters::Totals counters;
  OperationCounters::Totals operations;
  FailureCounters::Totals failures;
  std::uint64_t bytes_received = 0;  // from clients
  std::uint64_t bytes_sent = 0;
  std::size_t connections = 0;
  std::size_t reply_bytes = 0;  // that clients have not taken
  std::vector<WorkerCounts> worker_counts;
  // One for each worker, at most a second old.
  std::vector<std::shared_ptr<const WorkerSnapshot>> workers;
};

struct ConfigFigures {
  std::string text;
  std::string md5;
  // Infinite past: never.
  absl::Time last_attempt = absl::InfinitePast();
  absl::Time last_success = absl::InfinitePast();
  std::uint64_t failures = 0;
};

class RouterInspector {
 public:
  virtual ~RouterInspector() = default;
  virtual RouterFigures Figures() const = 0;
  virtual ConfigFigures Config() const = 0;
  // Of each worker, at most a second old.
  virtual std::vector<std::shared_ptr<const WorkerSnapshot>> Snapshots() const = 0;
  // Of clients, now.
  virtual std::size_t connections() const = 0;
  // Of each worker, now.
  virtual std::vector<metrics::HotKeyRates> HotKeys() const = 0;
  // Of all workers together: classes of commands in their order, and then members, pool by pool.
  virtual std::vector<admin::LatencySeries> Latencies() const = 0;
  // Nothing if no deletes are kept.
  virtual std::optional<DeleteSpoolFigures> Deletes() const = 0;
  virtual int verbosity() const = 0;
  virtual void SetVerbosity(int verbosity) = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_STATS_ROUTER_INSPECTOR_H_

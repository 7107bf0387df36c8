// The replies to `stats`: memcached's names, order and meanings, with this server's values. What is
// not built has no line (docs/protocol.md lists them).
//
// Thread safety: any thread.

#ifndef RINGCACHE_SERVER_STATS_REPORT_H_
#define RINGCACHE_SERVER_STATS_REPORT_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "admin/backend/stats.h"
#include "net/mutex.h"
#include "server/clock.h"
#include "server/event_log.h"
#include "server/prefix_stats.h"
#include "server/server_options.h"
#include "server/worker.h"
#include "server/worker_stats.h"
#include "storage/store.h"

namespace ringcache::server {

// What the server itself counts and knows. Relaxed atomics: each is one number.
struct ServerGauges {
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> rejected_connections{0};
  std::atomic<std::uint64_t> times_listen_disabled{0};
  std::atomic<std::uint64_t> listen_disabled_us{0};
  std::atomic<bool> accepting{false};
  std::atomic<int> port{0};
  std::atomic<int> verbosity{0};
};

// Where the server waits for clients.
struct ListeningSocket {
  int id = 0;  // its descriptor
  std::string address;
};

class StatsReport {
 public:
  // All outlive the report. `prefixes`: each worker's table. Counting by prefix is switched on if
  // the options say so.
  StatsReport(const ServerOptions* options, storage::Store* store, const Clock* clock,
              const std::vector<std::unique_ptr<Worker>>* workers, const ServerGauges* gauges,
              const EventLog* events, std::vector<PrefixTable*> prefixes);

  // Before the first Reply, for `stats conns`.
  void SetListeners(std::vector<ListeningSocket> listeners) { listeners_ = std::move(listeners); }

  // The whole reply to `stats <arguments>`.
  std::string Reply(absl::string_view arguments);
  // Of all workers, since the last reset.
  std::vector<admin::LatencySeries> Latencies() const;

 private:
  // Sums over workers. Counters are never set back: `stats reset` remembers what they were.
  struct Totals {
    ServerTotals server;
    std::array<ClassTotals, WorkerStats::kMaxClasses> classes;
    ClassTotals all_classes;
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t rejected_connections = 0;
    std::uint64_t times_listen_disabled = 0;
  };

  Totals Sum() const;
  Totals SinceReset();
  void Reset();
  std::string General();
  std::string Settings() const;
  std::string Items() const;
  std::string Sizes() const;
  std::string EnableSizes();
  std::string DisableSizes();
  std::string Slabs();
  std::string Connections() const;
  std::string Detail(absl::string_view argument);
  std::string CachedItems(absl::Span<const absl::string_view> arguments);
  void CountPrefixes(bool on);

  const ServerOptions& options_;
  storage::Store& store_;
  const Clock& clock_;
  const std::vector<std::unique_ptr<Worker>>& workers_;
  const ServerGauges& gauges_;
  const EventLog& events_;
  const std::vector<PrefixTable*> prefixes_;
  std::vector<ListeningSocket> listeners_;
  std::atomic<bool> counts_prefixes_{false};
  net::Mutex mutex_;
  Totals baseline_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_STATS_REPORT_H_

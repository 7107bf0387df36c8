// What a router's threads do, put together for whoever asks.
//
// Ownership: all that it is given outlives it. Thread safety: RouterInspector's functions from any
// thread; all else from the main loop's.

#ifndef RINGCACHE_ROUTER_ROUTER_MONITOR_H_
#define RINGCACHE_ROUTER_ROUTER_MONITOR_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "admin/backend/stats.h"
#include "metrics/hot_key_sketch.h"
#include "net/mutex.h"
#include "process/log_sink.h"
#include "router/config/config_file.h"
#include "router/replay/delete_spool.h"
#include "router/stats/router_inspector.h"
#include "router/worker.h"

namespace ringcache::router {

class RouterMonitor final : public RouterInspector {
 public:
  using Workers = std::vector<std::unique_ptr<Worker>>;

  // `workers` do not change any more once one of them runs.
  RouterMonitor(process::LogSink* log, int verbosity, const Workers* workers,
                const std::atomic<std::size_t>* connections,
                const std::atomic<std::size_t>* reply_bytes);

  RouterFigures Figures() const override;
  ConfigFigures Config() const override;
  std::vector<std::shared_ptr<const WorkerSnapshot>> Snapshots() const override;
  std::size_t connections() const override;
  std::vector<metrics::HotKeyRates> HotKeys() const override;
  std::vector<admin::LatencySeries> Latencies() const override;
  std::optional<DeleteSpoolFigures> Deletes() const override;
  int verbosity() const override;
  void SetVerbosity(int verbosity) override;

  // Before workers run: `deletes` outlives this.
  void ShowDeletes(const DeleteSpool* deletes) { deletes_ = deletes; }
  // A configuration was read, and was good or bad.
  void OnConfigRead(bool good);
  // It is in use.
  void OnConfigUsed(const ConfigFile& file);
  // A connection was refused.
  void OnRejected();

 private:
  process::LogSink& log_;
  const Workers& workers_;
  const std::atomic<std::size_t>& connections_;
  const std::atomic<std::size_t>& reply_bytes_;
  const DeleteSpool* deletes_ = nullptr;
  std::atomic<int> verbosity_;
  std::atomic<std::uint64_t> rejected_{0};
  mutable net::Mutex mutex_;
  ConfigFigures config_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTER_MONITOR_H_

// What an admin may ask of the server. Statistics are read from the server's own replies to
// `stats`, so that the two never disagree; wishes are posted to the loop that can fulfil them.
//
// Ownership: all that it is given outlives it, but may be taken down after End(). Thread safety: as
// admin/backend/backend.h says; Begin and End on the main thread, SetRings before others call.

#ifndef RINGCACHE_SERVER_ADMIN_SERVER_ADMIN_H_
#define RINGCACHE_SERVER_ADMIN_SERVER_ADMIN_H_

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "admin/backend/backend.h"
#include "net/event_loop.h"
#include "net/worker_pool.h"
#include "process/call_gate.h"
#include "process/drain_sequence.h"
#include "process/loop_watch.h"
#include "server/admin/server_actions.h"
#include "server/server_options.h"
#include "server/stats_report.h"
#include "server/worker.h"

namespace ringcache::server {

class ServerAdmin final : public admin::Backend {
 public:
  struct Parts {
    const ServerOptions* options = nullptr;
    net::EventLoop* main_loop = nullptr;
    net::WorkerPool* pool = nullptr;
    const std::vector<std::unique_ptr<Worker>>* workers = nullptr;
    StatsReport* report = nullptr;
    const ServerGauges* gauges = nullptr;
    const process::DrainSequence* drain = nullptr;
    ServerActions* actions = nullptr;
  };

  explicit ServerAdmin(const Parts& parts);

  // The ring of the server's cluster, which a server does not know by itself.
  void SetRings(admin::RingSource* rings) { rings_ = rings; }

  // The loops run from now on.
  void Begin() { serves_.store(true, std::memory_order_relaxed); }
  // Calls are answered no more; waits for those under way. Again: does nothing.
  void End();

  admin::ProgramInfo Program() override;
  admin::Health CheckHealth() override;
  absl::StatusOr<admin::Stats> ReadStats() override;
  absl::StatusOr<std::vector<admin::LatencySeries>> Latencies() override;
  absl::StatusOr<std::vector<admin::Setting>> Settings() override;
  absl::StatusOr<std::vector<admin::HotKey>> HotKeys(std::size_t count) override;
  absl::StatusOr<std::vector<std::shared_ptr<const admin::RingView>>> Rings() override;
  admin::DrainProgress Draining() override;
  absl::Status Drain(absl::Duration wait) override;
  absl::Status Undrain() override;
  absl::Status SetVerbosity(int level) override;
  absl::StatusOr<std::string> Reload() override;
  absl::Status ResetStats() override;
  absl::Status Flush(absl::Duration delay) override;

 private:
  // On the main loop, within kPatience.
  absl::Status Ask(std::function<absl::Status()> call);
  admin::Verdict Readiness() const;
  admin::WorkerStats StatsOf(std::size_t worker) const;

  const Parts parts_;
  admin::RingSource* rings_ = nullptr;
  // The main loop first, then the workers.
  process::LoopWatch loops_;
  // Around what goes with the workers: they end before the loops do.
  process::CallGate gate_;
  // Relaxed: a health check at that moment may go either way.
  std::atomic<bool> serves_{false};
  std::atomic<bool> ended_{false};
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_ADMIN_SERVER_ADMIN_H_

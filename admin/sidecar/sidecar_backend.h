// What an admin may ask of a stock memcached, through the sidecar beside it.
//
// A drain turns readiness off and waits; the memcached itself goes on until its container is
// stopped. What only a Ringcache server has is FAILED_PRECONDITION.
//
// Thread safety: any thread. Ownership: the memcached and the rings outlive this.

#ifndef RINGCACHE_ADMIN_SIDECAR_SIDECAR_BACKEND_H_
#define RINGCACHE_ADMIN_SIDECAR_SIDECAR_BACKEND_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "admin/backend/backend.h"
#include "admin/sidecar/stock_memcached.h"
#include "net/mutex.h"

namespace ringcache::admin {

class SidecarBackend final : public Backend {
 public:
  struct Options {
    // As AdminOptions::stuck_after.
    absl::Duration stuck_after = absl::Seconds(10);
    // How long a drain announces, unless it says so itself.
    absl::Duration drain_wait = absl::ZeroDuration();
  };

  // `rings` may be null: no ring is observed.
  SidecarBackend(const Options& options, StockMemcached* memcached, RingSource* rings);

  ProgramInfo Program() override;
  Health CheckHealth() override;
  absl::StatusOr<Stats> ReadStats() override;
  absl::StatusOr<std::vector<LatencySeries>> Latencies() override;
  absl::StatusOr<std::vector<Setting>> Settings() override;
  absl::StatusOr<std::vector<HotKey>> HotKeys(std::size_t count) override;
  absl::StatusOr<std::vector<std::shared_ptr<const RingView>>> Rings() override;

  DrainProgress Draining() override;
  absl::Status Drain(absl::Duration wait) override;
  absl::Status Undrain() override;
  absl::Status SetVerbosity(int level) override;
  absl::StatusOr<std::string> Reload() override;
  absl::Status ResetStats() override;
  absl::Status Flush(absl::Duration delay) override;

 private:
  const Options options_;
  StockMemcached& memcached_;
  RingSource* const rings_;
  net::Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time announced_until_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SIDECAR_SIDECAR_BACKEND_H_

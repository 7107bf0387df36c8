// An admin backend whose calls do not come back, but for health, as if what they need were locked
// for ever: to see whether anything else waits for them.
//
// Thread safety: any thread. Ownership: `real` outlives this.

#ifndef RINGCACHE_TOOLS_WALLS_BLOCKED_BACKEND_H_
#define RINGCACHE_TOOLS_WALLS_BLOCKED_BACKEND_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "admin/backend/backend.h"

namespace ringcache::walls {

class BlockedBackend final : public admin::Backend {
 public:
  explicit BlockedBackend(admin::Backend* real) : real_(*real) {}

  // Calls that wait come back, with UNAVAILABLE.
  void Release() { released_.Notify(); }

  admin::ProgramInfo Program() override { return real_.Program(); }
  admin::Health CheckHealth() override { return real_.CheckHealth(); }
  admin::DrainProgress Draining() override { return real_.Draining(); }

  absl::StatusOr<admin::Stats> ReadStats() override { return Block(); }
  absl::StatusOr<std::vector<admin::LatencySeries>> Latencies() override { return Block(); }
  absl::StatusOr<std::vector<admin::Setting>> Settings() override { return Block(); }
  absl::StatusOr<std::vector<admin::HotKey>> HotKeys(std::size_t) override { return Block(); }
  absl::StatusOr<std::vector<std::shared_ptr<const admin::RingView>>> Rings() override {
    return Block();
  }
  absl::Status Drain(absl::Duration) override { return Block(); }
  absl::Status Undrain() override { return Block(); }
  absl::Status SetVerbosity(int) override { return Block(); }
  absl::StatusOr<std::string> Reload() override { return Block(); }
  absl::Status ResetStats() override { return Block(); }
  absl::Status Flush(absl::Duration) override { return Block(); }

 private:
  absl::Status Block() {
    released_.WaitForNotification();
    return absl::UnavailableError("the program ends");
  }

  admin::Backend& real_;
  absl::Notification released_;
};

}  // namespace ringcache::walls

#endif  // RINGCACHE_TOOLS_WALLS_BLOCKED_BACKEND_H_

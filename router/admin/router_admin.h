// What an admin may ask of a router. Questions are answered from what workers publish once a second
// and count all the time; wishes are carried out on the main loop.
//
// Ownership: all that it is given outlives it. Thread safety: as admin/backend/backend.h says.

#ifndef RINGCACHE_ROUTER_ADMIN_ROUTER_ADMIN_H_
#define RINGCACHE_ROUTER_ADMIN_ROUTER_ADMIN_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "admin/backend/backend.h"
#include "admin/ring/ring_display.h"
#include "net/event_loop.h"
#include "process/loop_watch.h"
#include "router/admin/router_control.h"
#include "router/admin/router_health.h"
#include "router/router_options.h"
#include "router/stats/router_inspector.h"

namespace ringcache::router {

class RouterAdmin final : public admin::Backend {
 public:
  struct Parts {
    const RouterOptions* options = nullptr;
    std::vector<admin::Setting> settings;
    RouterInspector* inspector = nullptr;
    RouterControl* control = nullptr;
    net::EventLoop* main_loop = nullptr;
    std::vector<net::EventLoop*> workers;
  };

  explicit RouterAdmin(Parts parts);

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
  void AddProcess(admin::Stats* stats) const;

  const Parts parts_;
  const absl::Time started_;
  // The main loop first, then the workers.
  process::LoopWatch threads_;
  RouterHealth health_;
  admin::RingDisplay rings_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ADMIN_ROUTER_ADMIN_H_

#include "router/admin/router_admin.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "admin/backend/hottest_keys.h"
#include "admin/ring/pool_ring.h"
#include "process/host_name.h"
#include "process/loop_call.h"
#include "process/resident_memory.h"
#include "process/version.h"
#include "router/admin/router_report.h"
#include "router/admin/worker_rings.h"

namespace ringcache::router {

using admin::GeneralFigure;
using admin::WorkerFigure;

namespace {

constexpr int kMaxVerbosity = 3;

std::uint64_t Microseconds(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 +
         static_cast<std::uint64_t>(time.tv_usec);
}

}  // namespace

RouterAdmin::RouterAdmin(Parts parts)
    : parts_(std::move(parts)),
      started_(absl::Now()),
      health_(&threads_, parts_.options->admin.stuck_after) {
  threads_.Add("main", parts_.main_loop);
  for (std::size_t i = 0; i < parts_.workers.size(); ++i) {
    threads_.Add(absl::StrCat("rc-router-", i), parts_.workers[i]);
  }
}

admin::ProgramInfo RouterAdmin::Program() {
  admin::ProgramInfo info;
  info.kind = admin::ProgramKind::kRouter;
  info.version = info.serves = process::kProgramVersion;
  info.pid = getpid();
  info.host = process::HostName();
  return info;
}

admin::Health RouterAdmin::CheckHealth() {
  return health_.Check(parts_.control->draining(), parts_.control->accepting(),
                       parts_.inspector->Snapshots());
}

absl::StatusOr<admin::Stats> RouterAdmin::ReadStats() {
  ReportSources sources;
  sources.figures = parts_.inspector->Figures();
  sources.config = parts_.inspector->Config();
  sources.deletes = parts_.inspector->Deletes();
  sources.max_connections = parts_.options->max_connections;
  sources.accepting = parts_.control->accepting();
  admin::Stats stats = ReportOf(sources, absl::Now());
  AddProcess(&stats);
  return stats;
}

void RouterAdmin::AddProcess(admin::Stats* stats) const {
  const absl::Time now = absl::Now();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  admin::FigureSet<GeneralFigure>& general = stats->general;
  general[GeneralFigure::kUptime] =
      static_cast<std::uint64_t>(absl::ToInt64Seconds(now - started_));
  general[GeneralFigure::kTime] = static_cast<std::uint64_t>(absl::ToUnixSeconds(now));
  general[GeneralFigure::kCpuUser] = Microseconds(usage.ru_utime);
  general[GeneralFigure::kCpuSystem] = Microseconds(usage.ru_stime);
  general[GeneralFigure::kThreads] = parts_.workers.size();
  general[GeneralFigure::kResidentBytes] = process::ResidentBytes();
  for (admin::WorkerStats& worker : stats->workers) {
    // The main loop comes first.
    worker.figures[WorkerFigure::kSilentTime] =
        static_cast<std::uint64_t>(absl::ToInt64Microseconds(threads_.SilentFor(worker.index + 1)));
  }
}

absl::StatusOr<std::vector<admin::LatencySeries>> RouterAdmin::Latencies() {
  return parts_.inspector->Latencies();
}

absl::StatusOr<std::vector<admin::Setting>> RouterAdmin::Settings() { return parts_.settings; }

absl::StatusOr<std::vector<admin::HotKey>> RouterAdmin::HotKeys(std::size_t count) {
  return admin::HottestKeys(parts_.inspector->HotKeys(), count);
}

absl::StatusOr<std::vector<std::shared_ptr<const admin::RingView>>> RouterAdmin::Rings() {
  std::vector<admin::PoolRing> rings = RingsOf(parts_.inspector->Snapshots());
  if (rings.empty()) return absl::UnavailableError("no pool of the routes has members yet");
  return rings_.Show(std::move(rings));
}

admin::DrainProgress RouterAdmin::Draining() {
  const process::DrainSequence::State state = parts_.control->draining();
  admin::DrainProgress progress;
  progress.draining = state.draining;
  progress.phase = state.phase;
  progress.left = state.left;
  progress.connections = parts_.inspector->connections();
  return progress;
}

absl::Status RouterAdmin::Ask(std::function<absl::Status()> call) {
  return process::CallOnLoop(parts_.main_loop, kPatience, std::move(call));
}

absl::Status RouterAdmin::Drain(absl::Duration wait) {
  if (wait > RouterOptions::kMaxDrainWait) {
    return absl::InvalidArgumentError(
        absl::StrCat("a wait of ", absl::FormatDuration(wait), " is too long; give at most ",
                     absl::FormatDuration(RouterOptions::kMaxDrainWait)));
  }
  if (wait < absl::ZeroDuration()) wait = parts_.options->drain_wait;
  return Ask([control = parts_.control, wait] {
    control->BeginDrain(wait);
    return absl::OkStatus();
  });
}

absl::Status RouterAdmin::Undrain() {
  return Ask([control = parts_.control] {
    if (control->Undrain() || !control->draining().draining) return absl::OkStatus();
    return absl::FailedPreconditionError(
        "connections are refused already; the router ends, start it again");
  });
}

absl::Status RouterAdmin::SetVerbosity(int level) {
  if (level < 0 || level > kMaxVerbosity) {
    return absl::InvalidArgumentError(absl::StrCat("verbosity ", level, ": give 0 to ",
                                                   kMaxVerbosity, ", as many as -v were given"));
  }
  parts_.inspector->SetVerbosity(level);
  return absl::OkStatus();
}

absl::StatusOr<std::string> RouterAdmin::Reload() {
  const absl::Status status = Ask([control = parts_.control] { return control->Reload(); });
  if (!status.ok()) return status;
  return "the configuration is good, and in use as soon as its pools are known";
}

absl::Status RouterAdmin::ResetStats() {
  return absl::FailedPreconditionError(
      "a router's figures count from its start; `stats reset` on its data port resets those of all "
      "members");
}

absl::Status RouterAdmin::Flush(absl::Duration) {
  return absl::FailedPreconditionError(
      "a router has no items; flush its servers, or send flush_all to its data port if it was "
      "started with --enable-flush-cmd");
}

}  // namespace ringcache::router

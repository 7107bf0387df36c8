#include "admin/sidecar/sidecar_backend.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "admin/backend/memcached_stats.h"
#include "process/host_name.h"
#include "process/version.h"

namespace ringcache::admin {
namespace {

absl::Status OnlyServersHave(absl::string_view what) {
  return absl::FailedPreconditionError(
      absl::StrCat("a stock memcached has no ", what, "; a Ringcache server does"));
}

Verdict Serving() { return {.serving = true, .reason = ""}; }
Verdict NotServing(std::string reason) { return {.serving = false, .reason = std::move(reason)}; }

}  // namespace

SidecarBackend::SidecarBackend(const Options& options, StockMemcached* memcached, RingSource* rings)
    : options_(options), memcached_(*memcached), rings_(rings) {}

ProgramInfo SidecarBackend::Program() {
  ProgramInfo program;
  program.kind = ProgramKind::kSidecar;
  program.version = process::kProgramVersion;
  const std::string version = memcached_.LastSign().version;
  program.serves = absl::StrCat("memcached", version.empty() ? "" : " ", version);
  program.pid = getpid();
  program.host = process::HostName();
  return program;
}

Health SidecarBackend::CheckHealth() {
  const StockMemcached::Sign sign = memcached_.LastSign();
  Health health;
  health.liveness = Serving();
  // One that is still starting is not stuck.
  if (sign.answered_once && sign.silent_for > options_.stuck_after) {
    health.liveness =
        NotServing(absl::StrCat("memcached has not answered for ",
                                absl::ToInt64Seconds(sign.silent_for), " s: ", sign.problem));
  }
  health.readiness = sign.answers ? Serving() : NotServing(sign.problem);
  health.startup = sign.answered_once ? Serving() : NotServing(sign.problem);
  net::MutexLock lock(&mutex_);
  if (draining_) health.readiness = NotServing("draining");
  return health;
}

absl::StatusOr<Stats> SidecarBackend::ReadStats() {
  Stats stats;
  for (const char* group : {"", "settings"}) {
    const auto reply = memcached_.Stats(group);
    if (!reply.ok()) return reply.status();
    ReadGeneral(*reply, &stats.general);
  }
  for (const char* group : {"slabs", "items"}) {
    const auto reply = memcached_.Stats(group);
    if (!reply.ok()) return reply.status();
    ReadSlabs(*reply, &stats.slabs);
  }
  return stats;
}

absl::StatusOr<std::vector<LatencySeries>> SidecarBackend::Latencies() {
  return OnlyServersHave("latency histograms");
}

absl::StatusOr<std::vector<Setting>> SidecarBackend::Settings() {
  const auto reply = memcached_.Stats("settings");
  if (!reply.ok()) return reply.status();
  return ReadSettings(*reply);
}

absl::StatusOr<std::vector<HotKey>> SidecarBackend::HotKeys(std::size_t) {
  return OnlyServersHave("sketch of hot keys");
}

absl::StatusOr<std::vector<std::shared_ptr<const RingView>>> SidecarBackend::Rings() {
  if (rings_ != nullptr) return rings_->Rings();
  return absl::FailedPreconditionError(
      "no ring is observed; start with --discovery=ADDRESS and --placement=NAME");
}

DrainProgress SidecarBackend::Draining() {
  DrainProgress progress;
  {
    net::MutexLock lock(&mutex_);
    progress.draining = draining_;
    if (!draining_) return progress;
    progress.left = std::max(announced_until_ - absl::Now(), absl::ZeroDuration());
    progress.phase = progress.left > absl::ZeroDuration() ? "announcing" : "closing";
  }
  const auto reply = memcached_.Stats("");
  if (!reply.ok()) return progress;
  FigureSet<GeneralFigure> figures;
  ReadGeneral(*reply, &figures);
  // One is the sidecar's own.
  const std::uint64_t connections = figures[GeneralFigure::kConnections].value_or(0);
  progress.connections = connections - std::min<std::uint64_t>(connections, 1);
  return progress;
}

absl::Status SidecarBackend::Drain(absl::Duration wait) {
  if (wait < absl::ZeroDuration()) wait = options_.drain_wait;
  net::MutexLock lock(&mutex_);
  if (!std::exchange(draining_, true)) announced_until_ = absl::Now() + wait;
  return absl::OkStatus();
}

absl::Status SidecarBackend::Undrain() {
  net::MutexLock lock(&mutex_);
  draining_ = false;
  return absl::OkStatus();
}

absl::Status SidecarBackend::SetVerbosity(int level) {
  return memcached_.SetVerbosity(static_cast<std::uint32_t>(std::max(level, 0)));
}

absl::StatusOr<std::string> SidecarBackend::Reload() {
  return absl::FailedPreconditionError("a sidecar has nothing that could be taken up anew");
}

absl::Status SidecarBackend::ResetStats() { return memcached_.ResetStats(); }

absl::Status SidecarBackend::Flush(absl::Duration delay) { return memcached_.Flush(delay); }

}  // namespace ringcache::admin

#include "server/admin/server_admin.h"

#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "admin/backend/hottest_keys.h"
#include "admin/backend/memcached_stats.h"
#include "metrics/hot_key_sketch.h"
#include "process/host_name.h"
#include "process/loop_call.h"
#include "process/resident_memory.h"
#include "process/version.h"
#include "protocol/command_class.h"
#include "server/clock.h"

namespace ringcache::server {

using admin::GeneralFigure;
using admin::WorkerFigure;

namespace {

constexpr int kMaxVerbosity = 3;
// Of the main thread, in a sentence.
constexpr char kMainThread[] = "main";

absl::Status Ending() { return absl::UnavailableError("the server ends"); }

std::uint64_t CountOf(const CommandLatencies& latencies) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < protocol::kCommandClassCount; ++i) {
    count += latencies.CountOf(static_cast<protocol::CommandClass>(i));
  }
  return count;
}

}  // namespace

ServerAdmin::ServerAdmin(const Parts& parts) : parts_(parts) {
  loops_.Add(kMainThread, parts.main_loop);
  for (std::size_t i = 0; i < parts.pool->size(); ++i) {
    loops_.Add(absl::StrCat("rc-worker-", i), parts.pool->loop(i));
  }
}

void ServerAdmin::End() {
  ended_.store(true, std::memory_order_relaxed);
  gate_.Close();
}

admin::ProgramInfo ServerAdmin::Program() {
  admin::ProgramInfo info;
  info.kind = admin::ProgramKind::kServer;
  info.version = info.serves = process::kProgramVersion;
  info.pid = getpid();
  info.host = process::HostName();
  return info;
}

admin::Health ServerAdmin::CheckHealth() {
  admin::Health health;
  health.startup.serving = serves_.load(std::memory_order_relaxed);
  if (!health.startup.serving) health.startup.reason = "the server starts";
  // Loops that have not begun, or have ended, are not stuck: they are not asked.
  const bool turns = health.startup.serving && !ended_.load(std::memory_order_relaxed);
  if (turns) health.liveness.reason = loops_.FindStuck(parts_.options->admin.stuck_after);
  health.liveness.serving = health.liveness.reason.empty();
  health.readiness = turns ? Readiness() : admin::Verdict{false, health.startup.reason};
  if (!health.readiness.serving && health.readiness.reason.empty()) {
    health.readiness.reason = "the server ends";
  }
  return health;
}

admin::Verdict ServerAdmin::Readiness() const {
  const process::DrainSequence::State drain = parts_.drain->state();
  if (drain.draining) {
    return {false, absl::StrCat("the server drains", drain.phase.empty() ? "" : ": ", drain.phase)};
  }
  // Relaxed, as it is set.
  if (!parts_.gauges->accepting.load(std::memory_order_relaxed)) {
    return {false, "the connection limit (-c) is reached"};
  }
  return {true, std::string()};
}

absl::StatusOr<admin::Stats> ServerAdmin::ReadStats() {
  const process::CallGate::Pass pass(&gate_);
  if (!pass) return Ending();
  admin::Stats stats;
  const std::string slabs = parts_.report->Reply("slabs");
  admin::ReadGeneral(parts_.report->Reply("settings"), &stats.general);
  // It tells one general figure.
  admin::ReadGeneral(slabs, &stats.general);
  admin::ReadGeneral(parts_.report->Reply(""), &stats.general);
  admin::ReadSlabs(slabs, &stats.slabs);
  admin::ReadSlabs(parts_.report->Reply("items"), &stats.slabs);
  stats.general[GeneralFigure::kResidentBytes] = process::ResidentBytes();
  for (std::size_t i = 0; i < parts_.workers->size(); ++i) stats.workers.push_back(StatsOf(i));
  return stats;
}

admin::WorkerStats ServerAdmin::StatsOf(std::size_t index) const {
  const Worker& worker = *(*parts_.workers)[index];
  ServerTotals totals;
  worker.stats().AddTo(&totals);
  admin::WorkerStats stats;
  stats.index = static_cast<std::uint32_t>(index);
  stats.figures[WorkerFigure::kConnections] = worker.clients();
  stats.figures[WorkerFigure::kBytesReceived] = worker.traffic().bytes_received.value();
  stats.figures[WorkerFigure::kBytesSent] = worker.traffic().bytes_sent.value();
  stats.figures[WorkerFigure::kRequests] = CountOf(worker.stats().latencies());
  stats.figures[WorkerFigure::kYields] = totals[ServerCounter::kYields];
  stats.figures[WorkerFigure::kPauses] = totals[ServerCounter::kPauses];
  // The main loop comes first.
  stats.figures[WorkerFigure::kSilentTime] =
      static_cast<std::uint64_t>(absl::ToInt64Microseconds(loops_.SilentFor(index + 1)));
  return stats;
}

absl::StatusOr<std::vector<admin::LatencySeries>> ServerAdmin::Latencies() {
  const process::CallGate::Pass pass(&gate_);
  if (!pass) return Ending();
  return parts_.report->Latencies();
}

absl::StatusOr<std::vector<admin::Setting>> ServerAdmin::Settings() {
  const process::CallGate::Pass pass(&gate_);
  if (!pass) return Ending();
  return admin::ReadSettings(parts_.report->Reply("settings"));
}

absl::StatusOr<std::vector<admin::HotKey>> ServerAdmin::HotKeys(std::size_t count) {
  if (!parts_.options->allow_dump) {
    return absl::FailedPreconditionError("keys are not shown: -X disables that");
  }
  const process::CallGate::Pass pass(&gate_);
  if (!pass) return Ending();
  // The clock of all loops. Theirs tell the time of their wake-ups, to their own threads.
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  std::vector<metrics::HotKeyRates> rates;
  for (const std::unique_ptr<Worker>& worker : *parts_.workers) {
    rates.push_back(worker->hot_keys().Rates(absl::DurationFromTimespec(now)));
  }
  return admin::HottestKeys(rates, count);
}

absl::StatusOr<std::vector<std::shared_ptr<const admin::RingView>>> ServerAdmin::Rings() {
  if (rings_ != nullptr) return rings_->Rings();
  return absl::FailedPreconditionError(
      "this server is not told of a ring; start it with --discovery, which names its servers, and "
      "--placement, as clients place keys");
}

admin::DrainProgress ServerAdmin::Draining() {
  const process::DrainSequence::State state = parts_.drain->state();
  admin::DrainProgress progress;
  progress.draining = state.draining;
  progress.phase = state.phase;
  progress.left = state.left;
  progress.connections = parts_.gauges->connections.load(std::memory_order_relaxed);
  return progress;
}

absl::Status ServerAdmin::Ask(std::function<absl::Status()> call) {
  // Not behind the gate: a loop that has just ended answers no more, and the end would wait for us.
  if (ended_.load(std::memory_order_relaxed)) return Ending();
  return process::CallOnLoop(parts_.main_loop, kPatience, std::move(call));
}

absl::Status ServerAdmin::Drain(absl::Duration wait) {
  if (wait > ServerOptions::kMaxDrainWait) {
    return absl::InvalidArgumentError(
        absl::StrCat("a wait of ", absl::FormatDuration(wait), " is too long; give at most ",
                     absl::FormatDuration(ServerOptions::kMaxDrainWait)));
  }
  if (wait < absl::ZeroDuration()) wait = parts_.options->drain_wait;
  return Ask([actions = parts_.actions, wait] {
    actions->BeginDrain(wait);
    return absl::OkStatus();
  });
}

absl::Status ServerAdmin::Undrain() {
  return Ask([actions = parts_.actions, drain = parts_.drain] {
    if (actions->Undrain() || !drain->state().draining) return absl::OkStatus();
    return absl::FailedPreconditionError(
        "connections are refused already; the server ends, start it again");
  });
}

absl::Status ServerAdmin::SetVerbosity(int level) {
  if (level < 0 || level > kMaxVerbosity) {
    return absl::InvalidArgumentError(absl::StrCat("verbosity ", level, ": give 0 to ",
                                                   kMaxVerbosity, ", as many as -v were given"));
  }
  return Ask([actions = parts_.actions, level] {
    actions->SetVerbosity(level);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::string> ServerAdmin::Reload() {
  // Owned by the call, too, which may go on when nobody waits for it.
  const auto text = std::make_shared<std::string>();
  const absl::Status status = Ask([actions = parts_.actions, text] {
    const RefreshList::Outcome outcome = actions->Refresh();
    if (!outcome.ok) return absl::FailedPreconditionError(outcome.text);
    *text = outcome.text;
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return *text;
}

absl::Status ServerAdmin::ResetStats() {
  const process::CallGate::Pass pass(&gate_);
  if (!pass) return Ending();
  parts_.report->Reply("reset");
  return absl::OkStatus();
}

absl::Status ServerAdmin::Flush(absl::Duration delay) {
  if (!parts_.options->allow_flush_all) {
    return absl::FailedPreconditionError("flush_all is disabled by -F");
  }
  constexpr absl::Duration kLongest = absl::Seconds(kMaxRelativeSeconds);
  if (delay < absl::ZeroDuration() || delay > kLongest) {
    return absl::InvalidArgumentError(absl::StrCat("a delay of ", absl::FormatDuration(delay),
                                                   ": give 0 to ", absl::ToInt64Seconds(kLongest),
                                                   " seconds"));
  }
  const std::int64_t seconds = absl::ToInt64Seconds(absl::Ceil(delay, absl::Seconds(1)));
  const process::CallGate::Pass pass(&gate_);
  if (!pass) return Ending();
  // A worker's, as flushes are counted by workers.
  return process::CallOnLoop(parts_.pool->loop(0), kPatience,
                             [worker = (*parts_.workers)[0].get(), seconds] {
                               worker->Flush(seconds);
                               return absl::OkStatus();
                             });
}

}  // namespace ringcache::server

#include "admin/service/stats_messages.h"

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"
#include "admin/service/figure_fields.h"
#include "admin/service/utf8_text.h"

namespace ringcache::admin {
namespace {

constexpr double kNsPerSecond = 1e9;
// A protobuf duration may be longer, but no drain is.
constexpr absl::Duration kLongestLeft = absl::Hours(24 * 365);

v1::Program::Kind KindOf(ProgramKind kind) {
  switch (kind) {
    case ProgramKind::kServer:
      return v1::Program::SERVER;
    case ProgramKind::kRouter:
      return v1::Program::ROUTER;
    case ProgramKind::kSidecar:
      return v1::Program::SIDECAR;
  }
  return v1::Program::KIND_UNSPECIFIED;
}

v1::LatencySeries::Kind KindOf(LatencySeries::Kind kind) {
  switch (kind) {
    case LatencySeries::Kind::kCommand:
      return v1::LatencySeries::COMMAND;
    case LatencySeries::Kind::kMember:
      return v1::LatencySeries::MEMBER;
  }
  return v1::LatencySeries::KIND_UNSPECIFIED;
}

void Describe(const Verdict& verdict, v1::Health::Verdict* message) {
  message->set_serving(verdict.serving);
  message->set_reason(Utf8Text(verdict.reason));
}

double Seconds(std::uint64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / kNsPerSecond;
}

}  // namespace

void Describe(const ProgramInfo& program, v1::Program* message) {
  message->set_kind(KindOf(program.kind));
  message->set_version(Utf8Text(program.version));
  message->set_serves(Utf8Text(program.serves));
  message->set_pid(program.pid);
  message->set_host(Utf8Text(program.host));
}

void Describe(const Health& health, v1::Health* message) {
  Describe(health.liveness, message->mutable_liveness());
  Describe(health.readiness, message->mutable_readiness());
  Describe(health.startup, message->mutable_startup());
}

void Describe(const Stats& stats, v1::Stats* message) {
  SetFigures(kGeneralFigures, stats.general, message->mutable_general());
  v1::RouterStats router;
  if (SetFigures(kRouterFigures, stats.router, &router)) message->mutable_router()->Swap(&router);
  for (const SlabStats& slab : stats.slabs) {
    v1::SlabStats* one = message->add_slabs();
    one->set_size_class(slab.size_class);
    SetFigures(kSlabFigures, slab.figures, one);
  }
  for (const WorkerStats& worker : stats.workers) {
    v1::WorkerStats* one = message->add_workers();
    one->set_index(worker.index);
    SetFigures(kWorkerFigures, worker.figures, one);
  }
  for (const MemberStats& member : stats.members) {
    v1::MemberStats* one = message->add_members();
    one->set_pool(Utf8Text(member.pool));
    one->set_name(Utf8Text(member.name));
    one->set_vanished(member.vanished);
    one->set_last_problem(Utf8Text(member.last_problem));
    SetFigures(kMemberFigures, member.figures, one);
  }
}

void Describe(const std::vector<LatencySeries>& all, absl::Span<const double> percentiles,
              v1::Latencies* message) {
  for (const LatencySeries& series : all) {
    v1::LatencySeries* one = message->add_series();
    one->set_kind(KindOf(series.kind));
    one->set_pool(Utf8Text(series.pool));
    one->set_name(Utf8Text(series.name));
    one->set_count(series.histogram.Count());
    one->set_mean_seconds(series.histogram.MeanNs() / kNsPerSecond);
    one->set_max_seconds(Seconds(series.histogram.MaxNs()));
    for (const double percent : percentiles) {
      v1::LatencySeries::Percentile* percentile = one->add_percentiles();
      percentile->set_percent(percent);
      percentile->set_seconds(Seconds(series.histogram.PercentileNs(percent)));
    }
  }
}

void Describe(const std::vector<Setting>& settings, v1::Settings* message) {
  for (const Setting& setting : settings) {
    v1::Settings::Setting* one = message->add_settings();
    one->set_name(Utf8Text(setting.name));
    one->set_value(Utf8Text(setting.value));
  }
}

void Describe(const std::vector<HotKey>& keys, v1::HotKeys* message) {
  for (const HotKey& key : keys) {
    v1::HotKeys::HotKey* one = message->add_keys();
    one->set_key(key.key);
    one->set_rate(key.rate);
    one->set_error(key.error);
    one->set_writes(key.writes);
  }
}

void Describe(const DrainProgress& progress, v1::DrainProgress* message) {
  message->set_draining(progress.draining);
  message->set_phase(Utf8Text(progress.phase));
  message->set_connections(progress.connections);
  absl::Duration left = std::clamp(progress.left, absl::ZeroDuration(), kLongestLeft);
  message->mutable_left()->set_seconds(absl::IDivDuration(left, absl::Seconds(1), &left));
  message->mutable_left()->set_nanos(static_cast<std::int32_t>(absl::ToInt64Nanoseconds(left)));
}

}  // namespace ringcache::admin

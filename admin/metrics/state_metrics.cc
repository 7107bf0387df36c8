#include "admin/metrics/state_metrics.h"

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "admin/metrics/version_words.h"

namespace ringcache::admin {
namespace {

absl::string_view KindName(ProgramKind kind) {
  switch (kind) {
    case ProgramKind::kServer:
      return "server";
    case ProgramKind::kRouter:
      return "router";
    case ProgramKind::kSidecar:
      return "sidecar";
  }
  return "";
}

}  // namespace

void AddProgram(const ProgramInfo& program, Families* families) {
  families->Begin("ringcache_build_info", "Always 1; the labels say which program this is.",
                  MetricType::kGauge);
  families->Add({{"version", VersionWords(program.version).front()},
                 {"kind", std::string(KindName(program.kind))}},
                1);
}

void AddHealth(const Health& health, Families* families) {
  families->AddGauge("ringcache_live", "1 if every loop turns; if not, only a restart helps.",
                     health.liveness.serving);
  families->AddGauge("ringcache_ready", "1 if clients can come.", health.readiness.serving);
  families->AddGauge("ringcache_started", "1 once the first configuration and discovery are done.",
                     health.startup.serving);
}

void AddDrain(const DrainProgress& progress, Families* families) {
  families->AddGauge("ringcache_draining", "1 if the process drains.", progress.draining);
  if (!progress.draining) return;
  families->AddGauge("ringcache_drain_phase_left_seconds",
                     "Until the phase of the drain ends, at the latest.",
                     absl::ToDoubleSeconds(progress.left));
  families->AddGauge("ringcache_drain_connections", "Connections that are still open in a drain.",
                     static_cast<double>(progress.connections));
}

}  // namespace ringcache::admin

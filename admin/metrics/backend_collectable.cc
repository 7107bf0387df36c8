#include "admin/metrics/backend_collectable.h"

#include "absl/status/statusor.h"
#include "admin/metrics/families.h"
#include "admin/metrics/figure_metrics.h"
#include "admin/metrics/latency_metrics.h"
#include "admin/metrics/memcached_metrics.h"
#include "admin/metrics/process_metrics.h"
#include "admin/metrics/ring_metrics.h"
#include "admin/metrics/state_metrics.h"

namespace ringcache::admin {

std::vector<prometheus::MetricFamily> BackendCollectable::Collect() const {
  Families families;
  const ProgramInfo program = backend_->Program();
  AddProgram(program, &families);
  AddHealth(backend_->CheckHealth(), &families);
  AddDrain(backend_->Draining(), &families);

  const absl::StatusOr<Stats> stats = backend_->ReadStats();
  AddMemcached(program, stats, &families);
  if (stats.ok()) AddFigureMetrics(*stats, &families);
  const absl::StatusOr<std::vector<LatencySeries>> latencies = backend_->Latencies();
  if (latencies.ok()) AddLatencies(*latencies, &families);
  AddRings(backend_->Rings(), &families);

  AddProcess(&families);
  return families.Take();
}

}  // namespace ringcache::admin

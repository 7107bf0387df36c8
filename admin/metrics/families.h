// What a scrape shows, as it is put together: metric families and their series.
//
// Thread safety: each object is used by one thread.

#ifndef RINGCACHE_ADMIN_METRICS_FAMILIES_H_
#define RINGCACHE_ADMIN_METRICS_FAMILIES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "prometheus/client_metric.h"
#include "prometheus/metric_family.h"

namespace ringcache::admin {

enum class MetricType : std::uint8_t { kCounter, kGauge, kHistogram };

using Labels = std::vector<prometheus::ClientMetric::Label>;

class Families {
 public:
  // What is added from now on belongs to this family, which is left out if nothing is.
  void Begin(absl::string_view name, absl::string_view help, MetricType type);
  // REQUIRES: a family of counters or gauges has begun, and no series of it has these labels.
  void Add(Labels labels, double value);
  // The same with histograms.
  void Add(Labels labels, prometheus::ClientMetric::Histogram histogram);

  // A family of one gauge without labels.
  void AddGauge(absl::string_view name, absl::string_view help, double value);

  std::vector<prometheus::MetricFamily> Take();

 private:
  void DropIfEmpty();

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_METRICS_FAMILIES_H_

#include "admin/metrics/families.h"

#include <utility>

#include "prometheus/metric_type.h"

namespace ringcache::admin {
namespace {

prometheus::MetricType TypeOf(MetricType type) {
  switch (type) {
    case MetricType::kCounter:
      return prometheus::MetricType::Counter;
    case MetricType::kGauge:
      return prometheus::MetricType::Gauge;
    case MetricType::kHistogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

}  // namespace

void Families::Begin(absl::string_view name, absl::string_view help, MetricType type) {
  DropIfEmpty();
  prometheus::MetricFamily& family = families_.emplace_back();
  family.name = std::string(name);
  family.help = std::string(help);
  family.type = TypeOf(type);
}

void Families::Add(Labels labels, double value) {
  prometheus::MetricFamily& family = families_.back();
  prometheus::ClientMetric& metric = family.metric.emplace_back();
  metric.label = std::move(labels);
  if (family.type == prometheus::MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
}

void Families::Add(Labels labels, prometheus::ClientMetric::Histogram histogram) {
  prometheus::ClientMetric& metric = families_.back().metric.emplace_back();
  metric.label = std::move(labels);
  metric.histogram = std::move(histogram);
}

void Families::AddGauge(absl::string_view name, absl::string_view help, double value) {
  Begin(name, help, MetricType::kGauge);
  Add({}, value);
}

std::vector<prometheus::MetricFamily> Families::Take() {
  DropIfEmpty();
  return std::move(families_);
}

void Families::DropIfEmpty() {
  if (!families_.empty() && families_.back().metric.empty()) families_.pop_back();
}

}  // namespace ringcache::admin

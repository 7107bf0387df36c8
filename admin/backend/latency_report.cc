#include "admin/backend/latency_report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace ringcache::admin {
namespace {

constexpr double kNsPerUs = 1000;

struct Percentile {
  absl::string_view name;
  double percent;
};
constexpr Percentile kPercentiles[] = {{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}};

void AddSeries(const LatencySeries& series, std::string* text) {
  const std::string name =
      series.pool.empty() ? series.name : absl::StrCat(series.pool, "/", series.name);
  const auto add = [&](absl::string_view what, double ns) {
    absl::StrAppendFormat(text, "STAT %s:%s %.1f\r\n", name, what, ns / kNsPerUs);
  };
  absl::StrAppend(text, "STAT ", name, ":count ", series.histogram.Count(), "\r\n");
  add("mean", series.histogram.MeanNs());
  for (const Percentile& percentile : kPercentiles) {
    add(percentile.name, static_cast<double>(series.histogram.PercentileNs(percentile.percent)));
  }
  add("max", static_cast<double>(series.histogram.MaxNs()));
}

}  // namespace

std::string LatencyReport(absl::Span<const LatencySeries> latencies) {
  std::string text;
  for (const LatencySeries& series : latencies) AddSeries(series, &text);
  return text + "END\r\n";
}

}  // namespace ringcache::admin

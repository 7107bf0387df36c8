#include "server/latency/latency_report.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace ringcache::server {
namespace {

constexpr double kNsPerUs = 1000;

struct Percentile {
  absl::string_view name;
  double percent;
};
constexpr Percentile kPercentiles[] = {{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}};

}  // namespace

std::string LatencyReport(const LatencyHistograms& histograms) {
  std::string text;
  for (std::size_t i = 0; i < kCommandClassCount; ++i) {
    const metrics::LatencyHistogram& histogram = histograms[i];
    const absl::string_view name = kCommandClassNames[i];
    const auto add = [&](absl::string_view what, double ns) {
      absl::StrAppendFormat(&text, "STAT %s:%s %.1f\r\n", name, what, ns / kNsPerUs);
    };
    absl::StrAppend(&text, "STAT ", name, ":count ", histogram.Count(), "\r\n");
    add("mean", histogram.MeanNs());
    for (const Percentile& percentile : kPercentiles) {
      add(percentile.name, static_cast<double>(histogram.PercentileNs(percentile.percent)));
    }
    add("max", static_cast<double>(histogram.MaxNs()));
  }
  return text + "END\r\n";
}

}  // namespace ringcache::server

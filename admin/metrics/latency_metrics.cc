#include "admin/metrics/latency_metrics.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "metrics/latency_histogram.h"
#include "prometheus/client_metric.h"

namespace ringcache::admin {
namespace {

// Upper bounds of buckets, in nanoseconds. A server answers within microseconds, a router within a
// millisecond; what takes longer than a client's usual timeout is one bucket.
constexpr std::uint64_t kRequestBounds[] = {
    1'000,      2'500,       5'000,       10'000,      25'000,       50'000,     100'000,
    250'000,    500'000,     1'000'000,   2'500'000,   5'000'000,    10'000'000, 25'000'000,
    50'000'000, 100'000'000, 250'000'000, 500'000'000, 1'000'000'000};
// There may be a hundred members, and each bound of each is a series. No member answers faster than
// the network.
constexpr std::uint64_t kMemberBounds[] = {
    50'000,     100'000,    250'000,    500'000,     1'000'000,   2'500'000,   5'000'000,
    10'000'000, 25'000'000, 50'000'000, 100'000'000, 250'000'000, 500'000'000, 1'000'000'000};

constexpr double kNanosecond = 1e-9;

prometheus::ClientMetric::Histogram Convert(const metrics::LatencyHistogram& from,
                                            absl::Span<const std::uint64_t> bounds) {
  prometheus::ClientMetric::Histogram histogram;
  histogram.sample_count = from.Count();
  histogram.sample_sum = static_cast<double>(from.SumNs()) * kNanosecond;
  histogram.bucket.reserve(bounds.size());
  for (const std::uint64_t bound : bounds) {
    // Dividing gives the number that is written like the bound; multiplying would not always.
    histogram.bucket.push_back({from.CountAtMost(bound), static_cast<double>(bound) / 1e9});
  }
  return histogram;
}

}  // namespace

void AddLatencies(const std::vector<LatencySeries>& series, Families* families) {
  absl::flat_hash_set<std::pair<std::string, std::string>> seen;
  families->Begin("ringcache_request_duration_seconds",
                  "From a request's arrival to its reply, by class of command.",
                  MetricType::kHistogram);
  for (const LatencySeries& one : series) {
    if (one.kind != LatencySeries::Kind::kCommand || !seen.emplace("", one.name).second) continue;
    families->Add({{"command", one.name}}, Convert(one.histogram, kRequestBounds));
  }
  seen.clear();
  families->Begin("ringcache_member_request_duration_seconds",
                  "From a request's sending to the member's reply.", MetricType::kHistogram);
  for (const LatencySeries& one : series) {
    if (one.kind != LatencySeries::Kind::kMember || !seen.emplace(one.pool, one.name).second) {
      continue;
    }
    families->Add({{"pool", one.pool}, {"member", one.name}},
                  Convert(one.histogram, kMemberBounds));
  }
}

}  // namespace ringcache::admin

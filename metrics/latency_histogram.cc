#include "metrics/latency_histogram.h"

#include <algorithm>
#include <cmath>

namespace ringcache::metrics {

LatencyHistogram& LatencyHistogram::operator=(const LatencyHistogram& other) {
  if (this != &other) {
    Clear();
    Merge(other);
  }
  return *this;
}

void LatencyHistogram::Merge(const LatencyHistogram& other) {
  for (std::size_t i = 0; i < kBuckets; ++i) {
    // Most are zero: do not dirty their lines.
    if (const std::uint64_t count = other.buckets_[i].value(); count > 0) buckets_[i].Add(count);
  }
  sum_ns_.Add(other.SumNs());
  max_ns_.Set(std::max(MaxNs(), other.MaxNs()));
}

void LatencyHistogram::Clear() {
  for (Counter& bucket : buckets_) bucket.Set(0);
  sum_ns_.Set(0);
  max_ns_.Set(0);
}

std::uint64_t LatencyHistogram::Count() const {
  std::uint64_t count = 0;
  for (const Counter& bucket : buckets_) count += bucket.value();
  return count;
}

std::uint64_t LatencyHistogram::PercentileNs(double percent) const {
  const std::uint64_t count = Count();
  if (count == 0) return 0;
  const double rank = std::ceil(static_cast<double>(count) * percent / 100.0);
  const std::uint64_t wanted =
      std::clamp(static_cast<std::uint64_t>(rank), std::uint64_t{1}, count);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i].value();
    // The last bucket also holds what is longer than it.
    if (seen >= wanted) return i + 1 == kBuckets ? MaxNs() : std::min(HighestOf(i), MaxNs());
  }
  return MaxNs();
}

double LatencyHistogram::MeanNs() const {
  const std::uint64_t count = Count();
  return count == 0 ? 0.0 : static_cast<double>(SumNs()) / static_cast<double>(count);
}

std::uint64_t LatencyHistogram::CountAtMost(std::uint64_t nanoseconds) const {
  const std::size_t last = BucketOf(nanoseconds);
  std::uint64_t count = 0;
  for (std::size_t i = 0; i <= last; ++i) count += buckets_[i].value();
  return count;
}

std::uint64_t LatencyHistogram::HighestOf(std::size_t bucket) {
  if (bucket < 2 * kSubBuckets) return bucket;
  const std::size_t shift = (bucket >> kSubBucketBits) - 1;
  const std::uint64_t lowest = ((bucket & (kSubBuckets - 1)) + kSubBuckets) << shift;
  return lowest + (std::uint64_t{1} << shift) - 1;
}

}  // namespace ringcache::metrics

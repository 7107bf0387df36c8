// A mergeable histogram of durations with a bounded relative error in fixed memory: log-linear, as
// HdrHistogram (Gil Tene). Each power of two is divided into 64 equal buckets:
//
//   nanoseconds   0 .. 127       128 .. 255     256 .. 511    ...   137 .. 274 s
//   bucket width  1 (exact)      2              4             ...   2^31
//
// Thread safety: one thread records, any thread reads, copies or merges from it. A reader sees each
// bucket at some moment; what is recorded meanwhile may be in or not.

#ifndef RINGCACHE_METRICS_LATENCY_HISTOGRAM_H_
#define RINGCACHE_METRICS_LATENCY_HISTOGRAM_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"
#include "metrics/counter.h"

namespace ringcache::metrics {

class LatencyHistogram {
 public:
  static constexpr int kSubBucketBits = 6;
  // A reported value is at most this much above the recorded one, and never below it.
  static constexpr double kMaxRelativeError = 1.0 / (1 << kSubBucketBits);
  // 274 s. Longer ones count as this long, except in Max() and Mean().
  static constexpr std::uint64_t kMaxTrackedNs = (std::uint64_t{1} << 38) - 1;

  LatencyHistogram() = default;
  LatencyHistogram(const LatencyHistogram& other) { Merge(other); }
  LatencyHistogram& operator=(const LatencyHistogram& other);

  void Record(std::uint64_t nanoseconds) {
    buckets_[BucketOf(nanoseconds)].Add();
    sum_ns_.Add(nanoseconds);
    if (nanoseconds > max_ns_.value()) max_ns_.Set(nanoseconds);
  }
  // `count` of them at once, all of that length.
  void RecordMany(std::uint64_t nanoseconds, std::uint64_t count) {
    buckets_[BucketOf(nanoseconds)].Add(count);
    sum_ns_.Add(nanoseconds * count);
    if (count > 0 && nanoseconds > max_ns_.value()) max_ns_.Set(nanoseconds);
  }
  // Negative durations count as zero.
  void Record(absl::Duration duration) {
    Record(duration > absl::ZeroDuration()
               ? static_cast<std::uint64_t>(absl::ToInt64Nanoseconds(duration))
               : 0);
  }

  // Adds what `other` holds. The calling thread is this histogram's writer.
  void Merge(const LatencyHistogram& other);
  void Clear();

  std::uint64_t Count() const;
  // The least value, to the error above, that `percent` of the recorded ones do not exceed; 0 when
  // empty. REQUIRES: 0 <= percent <= 100.
  std::uint64_t PercentileNs(double percent) const;
  absl::Duration Percentile(double percent) const {
    return absl::Nanoseconds(static_cast<std::int64_t>(PercentileNs(percent)));
  }
  // Exact.
  std::uint64_t MaxNs() const { return max_ns_.value(); }
  std::uint64_t SumNs() const { return sum_ns_.value(); }
  // 0 when empty.
  double MeanNs() const;
  // How many were recorded at or below `nanoseconds`, rounded up to its bucket: for cumulative
  // buckets.
  std::uint64_t CountAtMost(std::uint64_t nanoseconds) const;

 private:
  static constexpr std::uint64_t kSubBuckets = 1 << kSubBucketBits;

  // Values below 2 * kSubBuckets are their own bucket; above, `shift` low bits are dropped.
  static constexpr std::size_t BucketOf(std::uint64_t nanoseconds) {
    if (nanoseconds > kMaxTrackedNs) nanoseconds = kMaxTrackedNs;
    const int shift = std::bit_width(nanoseconds | kSubBuckets) - 1 - kSubBucketBits;
    return (static_cast<std::size_t>(shift) << kSubBucketBits) + (nanoseconds >> shift);
  }
  static std::uint64_t HighestOf(std::size_t bucket);

  static constexpr std::size_t kBuckets = 32 * kSubBuckets + kSubBuckets;

  std::array<Counter, kBuckets> buckets_;
  Counter sum_ns_;
  Counter max_ns_;
};

}  // namespace ringcache::metrics

#endif  // RINGCACHE_METRICS_LATENCY_HISTOGRAM_H_

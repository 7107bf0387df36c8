#include "metrics/latency_histogram.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ringcache::metrics {
namespace {

constexpr std::uint64_t kSecondNs = 1'000'000'000;

TEST(LatencyHistogramTest, ManyAtOnceAreAsManyOneByOne) {
  LatencyHistogram many;
  LatencyHistogram one_by_one;
  for (const std::uint64_t ns : {3u, 700u, 123'456u}) {
    many.RecordMany(ns, 5);
    for (int i = 0; i < 5; ++i) one_by_one.Record(std::uint64_t{ns});
  }
  many.RecordMany(1'000'000'000, 0);
  EXPECT_EQ(many.Count(), one_by_one.Count());
  EXPECT_EQ(many.SumNs(), one_by_one.SumNs());
  EXPECT_EQ(many.MaxNs(), one_by_one.MaxNs());
  EXPECT_EQ(many.PercentileNs(50), one_by_one.PercentileNs(50));
}

TEST(LatencyHistogramTest, IsZeroWhenEmpty) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.Count(), 0u);
  EXPECT_EQ(histogram.PercentileNs(99), 0u);
  EXPECT_EQ(histogram.MaxNs(), 0u);
  EXPECT_EQ(histogram.MeanNs(), 0.0);
}

TEST(LatencyHistogramTest, SmallValuesAreExact) {
  LatencyHistogram histogram;
  for (std::uint64_t ns = 1; ns <= 100; ++ns) histogram.Record(ns);
  EXPECT_EQ(histogram.PercentileNs(0), 1u);
  EXPECT_EQ(histogram.PercentileNs(50), 50u);
  EXPECT_EQ(histogram.PercentileNs(99), 99u);
  EXPECT_EQ(histogram.PercentileNs(100), 100u);
  EXPECT_EQ(histogram.MeanNs(), 50.5);
}

TEST(LatencyHistogramTest, ErrorIsBoundedFromOneNanosecondToTwoHundredSeconds) {
  for (double value = 1; value < 200.0 * kSecondNs; value *= 1.0137) {
    const auto ns = static_cast<std::uint64_t>(value);
    LatencyHistogram histogram;
    histogram.Record(ns);
    histogram.Record(LatencyHistogram::kMaxTrackedNs);  // else the maximum would make it exact
    const std::uint64_t reported = histogram.PercentileNs(50);
    ASSERT_GE(reported, ns);
    ASSERT_LE(static_cast<double>(reported - ns),
              LatencyHistogram::kMaxRelativeError * static_cast<double>(ns));
  }
}

TEST(LatencyHistogramTest, PercentilesMatchASortedArray) {
  const unsigned seed = std::random_device{}();
  std::printf("seed %u\n", seed);
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> latency(10.0, 2.0);
  LatencyHistogram histogram;
  std::vector<std::uint64_t> values;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(static_cast<std::uint64_t>(latency(random)));
    histogram.Record(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const double percent : {1.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(20'000 * percent / 100));
    const auto exact = static_cast<double>(values[rank - 1]);
    const auto reported = static_cast<double>(histogram.PercentileNs(percent));
    EXPECT_GE(reported, exact) << percent;
    EXPECT_LE(reported, exact * (1 + LatencyHistogram::kMaxRelativeError)) << percent;
  }
}

TEST(LatencyHistogramTest, ValuesPastTheRangeCountAsItsEndButKeepTheMaximum) {
  LatencyHistogram histogram;
  histogram.Record(1000 * kSecondNs);
  EXPECT_EQ(histogram.Count(), 1u);
  EXPECT_EQ(histogram.MaxNs(), 1000 * kSecondNs);
  EXPECT_EQ(histogram.PercentileNs(100), 1000 * kSecondNs);
}

TEST(LatencyHistogramTest, DurationsAreRecordedAndNegativeOnesAreZero) {
  LatencyHistogram histogram;
  histogram.Record(absl::Nanoseconds(-5));
  EXPECT_EQ(histogram.MaxNs(), 0u);
  histogram.Record(absl::Nanoseconds(90));
  EXPECT_EQ(histogram.Percentile(100), absl::Nanoseconds(90));
}

TEST(LatencyHistogramTest, MergingEqualsRecordingInOne) {
  LatencyHistogram first;
  LatencyHistogram second;
  LatencyHistogram both;
  for (std::uint64_t ns = 1; ns < kSecondNs; ns = ns * 3 + 1) {
    first.Record(ns);
    both.Record(ns);
    second.Record(ns * 2);
    both.Record(ns * 2);
  }
  LatencyHistogram merged = first;
  merged.Merge(second);
  EXPECT_EQ(merged.Count(), both.Count());
  EXPECT_EQ(merged.SumNs(), both.SumNs());
  EXPECT_EQ(merged.MaxNs(), both.MaxNs());
  for (double percent = 0; percent <= 100; percent += 0.5) {
    EXPECT_EQ(merged.PercentileNs(percent), both.PercentileNs(percent));
  }
}

TEST(LatencyHistogramTest, CountsWhatIsAtMostALimit) {
  LatencyHistogram histogram;
  for (const std::uint64_t ns : {10, 20, 30, 5000}) histogram.Record(ns);
  EXPECT_EQ(histogram.CountAtMost(9), 0u);
  EXPECT_EQ(histogram.CountAtMost(20), 2u);
  EXPECT_EQ(histogram.CountAtMost(kSecondNs), 4u);
}

TEST(LatencyHistogramTest, IsReadableWhileItsWriterRecords) {
  constexpr std::uint64_t kRecords = 20'000;
  LatencyHistogram histogram;
  std::thread writer([&histogram] {
    for (std::uint64_t i = 0; i < kRecords; ++i) histogram.Record(i);
  });
  std::uint64_t seen = 0;
  while (seen < kRecords) {
    const LatencyHistogram snapshot = histogram;
    ASSERT_GE(snapshot.Count(), seen);
    ASSERT_LT(snapshot.PercentileNs(100), kRecords);
    seen = snapshot.Count();
  }
  writer.join();
}

}  // namespace
}  // namespace ringcache::metrics

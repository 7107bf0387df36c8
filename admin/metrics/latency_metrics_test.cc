#include "admin/metrics/latency_metrics.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/metric_family.h"

namespace ringcache::admin {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

LatencySeries Series(LatencySeries::Kind kind, const std::string& pool, const std::string& name) {
  LatencySeries series;
  series.kind = kind;
  series.pool = pool;
  series.name = name;
  return series;
}

std::vector<prometheus::MetricFamily> Shown(const std::vector<LatencySeries>& series) {
  Families families;
  AddLatencies(series, &families);
  return families.Take();
}

TEST(LatencyMetrics, BucketsAreCumulativeAndAgreeWithCountAndSum) {
  LatencySeries series = Series(LatencySeries::Kind::kCommand, "", "get");
  series.histogram.RecordMany(800, 3);      // below the first bound
  series.histogram.RecordMany(40'000, 2);   // 25 to 50 microseconds
  series.histogram.Record(30'000'000'000);  // above the last
  const auto families = Shown({series});
  ASSERT_THAT(families, SizeIs(1));
  const prometheus::ClientMetric::Histogram& histogram = families[0].metric.at(0).histogram;
  EXPECT_EQ(histogram.sample_count, 6u);
  EXPECT_DOUBLE_EQ(histogram.sample_sum, 30.0000824);
  std::uint64_t before = 0;
  for (const auto& bucket : histogram.bucket) {
    EXPECT_GE(bucket.cumulative_count, before);
    before = bucket.cumulative_count;
    const std::uint64_t expected = bucket.upper_bound < 40e-6 ? 3 : 5;
    EXPECT_EQ(bucket.cumulative_count, expected) << bucket.upper_bound;
  }
}

TEST(LatencyMetrics, CommandsAndMembersAreFamiliesOfTheirOwn) {
  const auto families = Shown({Series(LatencySeries::Kind::kMember, "a", "x"),
                               Series(LatencySeries::Kind::kCommand, "", "get"),
                               Series(LatencySeries::Kind::kMember, "b", "x")});
  ASSERT_THAT(families, SizeIs(2));
  EXPECT_EQ(families[0].name, "ringcache_request_duration_seconds");
  EXPECT_THAT(families[0].metric, SizeIs(1));
  EXPECT_EQ(families[1].name, "ringcache_member_request_duration_seconds");
  EXPECT_THAT(families[1].metric, SizeIs(2));
}

TEST(LatencyMetrics, AMemberThatIsToldTwiceIsShownOnce) {
  const auto families = Shown({Series(LatencySeries::Kind::kMember, "a", "x"),
                               Series(LatencySeries::Kind::kMember, "a", "x")});
  ASSERT_THAT(families, SizeIs(1));
  EXPECT_THAT(families[0].metric, SizeIs(1));
}

TEST(LatencyMetrics, WithoutSeriesThereIsNoFamily) { EXPECT_THAT(Shown({}), IsEmpty()); }

}  // namespace
}  // namespace ringcache::admin

// Keys, values, sizes and arrivals: what requests are made of.

#include "tools/loadgen/workload.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tools/loadgen/arrival_schedule.h"
#include "tools/loadgen/key_space.h"
#include "tools/loadgen/load_options.h"
#include "tools/loadgen/request_source.h"
#include "tools/loadgen/value_model.h"

namespace ringcache::loadgen {
namespace {

ValueModel ModelOf(const char* sizes) { return ValueModel(*ValueSizes::Parse(sizes)); }

TEST(KeySpace, KeysAreDistinctAndHaveTheSizeAndPrefix) {
  const KeySpace keys(5000, 32, "user:");
  std::set<std::string> seen;
  for (std::uint32_t rank = 0; rank < 5000; ++rank) {
    const std::string key = keys.KeyOf(rank);
    EXPECT_EQ(key.size(), 32u);
    EXPECT_EQ(key.substr(0, 5), "user:");
    EXPECT_EQ(key.find_first_not_of("0123456789abcdef", 5), std::string::npos) << key;
    seen.insert(key);
  }
  EXPECT_EQ(seen.size(), 5000u);
}

TEST(KeySpace, PrefillingVisitsEveryKeyOnceAndScattersPopularOnes) {
  for (const std::uint32_t count : {1u, 2u, 3u, 10u, 1000u, 4096u}) {
    const KeySpace keys(count, 16, "");
    std::set<std::uint32_t> ranks;
    for (std::uint32_t i = 0; i < count; ++i) ranks.insert(keys.PrefillRank(i));
    EXPECT_EQ(ranks.size(), count);
    EXPECT_EQ(*ranks.rbegin(), count - 1);
  }
  const KeySpace keys(1000, 16, "");
  EXPECT_GT(std::abs(static_cast<int>(keys.PrefillRank(1)) - static_cast<int>(keys.PrefillRank(0))),
            100);
}

TEST(ValueModel, AFixedSizeIsThatSize) {
  const ValueModel values = ModelOf("100");
  EXPECT_TRUE(values.fixed());
  EXPECT_EQ(values.SizeOf(0), 100u);
  EXPECT_EQ(values.SizeOf(12345), 100u);
}

TEST(ValueModel, UniformSizesFillTheirRange) {
  const ValueModel values = ModelOf("10-109");
  double sum = 0;
  std::uint32_t least = 1000, most = 0;
  for (std::uint32_t rank = 0; rank < 100'000; ++rank) {
    const std::uint32_t size = values.SizeOf(rank);
    EXPECT_EQ(size, values.SizeOf(rank));
    sum += size;
    least = std::min(least, size);
    most = std::max(most, size);
  }
  EXPECT_EQ(least, 10u);
  EXPECT_EQ(most, 109u);
  EXPECT_NEAR(sum / 100'000, 59.5, 0.5);
}

TEST(ValueModel, LogNormalSizesHaveTheirMedianAndSpread) {
  const ValueModel values = ModelOf("lognormal:300:1.2");
  std::vector<std::uint32_t> sizes;
  for (std::uint32_t rank = 0; rank < 100'000; ++rank) sizes.push_back(values.SizeOf(rank));
  std::sort(sizes.begin(), sizes.end());
  EXPECT_NEAR(sizes[50'000], 300, 10);
  EXPECT_NEAR(sizes[84'134], 300 * std::exp(1.2), 60);  // one sigma above
  EXPECT_LE(sizes.back(), values.max_bytes());
}

TEST(ValueModel, ContentsDependOnTheKeyAlone) {
  const ValueModel a = ModelOf("200"), b = ModelOf("200");
  EXPECT_EQ(std::string(a.BytesOf(7), 200), std::string(b.BytesOf(7), 200));
  EXPECT_NE(std::string(a.BytesOf(7), 200), std::string(a.BytesOf(8), 200));
}

TEST(ValueSizes, SpellsWhatItReads) {
  for (const char* text : {"0", "100", "10-4000", "lognormal:300:1.2:9000"}) {
    EXPECT_EQ(ValueSizes::Parse(text)->ToString(), text);
  }
  for (const char* text : {"", "x", "5-", "9-5", "1-2-3", "-1", "lognormal:300", "lognormal:0:1",
                           "lognormal:300:0", "lognormal:300:1:0", "999999999999"}) {
    EXPECT_FALSE(ValueSizes::Parse(text).ok()) << text;
  }
}

TEST(ArrivalSchedule, FixedArrivalsAreEquallySpaced) {
  ArrivalSchedule schedule(Arrivals::kFixed, 3000, 1'000, 1);
  for (std::int64_t i = 1; i <= 30'000; ++i) {
    EXPECT_EQ(schedule.next_ns(), 1'000 + static_cast<std::int64_t>(i * (1e9 / 3000)));
    schedule.Advance();
  }
}

TEST(ArrivalSchedule, PoissonArrivalsHaveTheRateAndExponentialGaps) {
  constexpr int kArrivals = 200'000;
  ArrivalSchedule schedule(Arrivals::kPoisson, 10'000, 0, 1);
  std::int64_t before = 0;
  int above_mean = 0;
  for (int i = 0; i < kArrivals; ++i) {
    above_mean += schedule.next_ns() - before > 100'000;
    before = schedule.next_ns();
    schedule.Advance();
  }
  EXPECT_NEAR(static_cast<double>(before) * 1e-9, kArrivals / 10'000.0, 0.2);
  EXPECT_NEAR(static_cast<double>(above_mean) / kArrivals, std::exp(-1.0), 0.01);
}

TEST(RequestSource, EqualSeedsAskTheSameAndKindsHaveTheirShares) {
  LoadOptions options;
  options.keys = 1000;
  options.multiget = 3;
  options.mix.weights = {10, 1, 0, 4};
  const Workload workload = options.MakeWorkload();
  RequestSource a(&workload, 5), b(&workload, 5);
  int counts[kRequestKindCount] = {};
  for (int i = 0; i < 30'000; ++i) {
    std::uint32_t ranks_a[3] = {}, ranks_b[3] = {};
    const RequestKind kind = a.Next(ranks_a);
    EXPECT_EQ(kind, b.Next(ranks_b));
    for (int k = 0; k < 3; ++k) EXPECT_EQ(ranks_a[k], ranks_b[k]);
    ++counts[static_cast<int>(kind)];
  }
  EXPECT_NEAR(counts[0], 20'000, 500);
  EXPECT_NEAR(counts[1], 2'000, 200);
  EXPECT_EQ(counts[2], 0);
  EXPECT_NEAR(counts[3], 8'000, 400);
}

}  // namespace
}  // namespace ringcache::loadgen

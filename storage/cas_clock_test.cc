#include "storage/cas_clock.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::storage {
namespace {

TEST(CasClockTest, IdsOfOneHashGrow) {
  CasClock clock(1000);
  std::uint64_t last = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t id = clock.Next(0xabcd'0000'0000'1234);
    EXPECT_GT(id, last);
    last = id;
  }
}

TEST(CasClockTest, IdsAreUniqueAcrossHashesAndThreads) {
  CasClock clock(1);
  constexpr int kThreads = 4;
  constexpr std::uint64_t kIds = 2000;
  std::vector<std::vector<std::uint64_t>> ids(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&clock, &mine = ids[static_cast<std::size_t>(t)]] {
      for (std::uint64_t i = 0; i < kIds; ++i) mine.push_back(clock.Next(i << 45));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::uint64_t> all;
  for (const auto& mine : ids) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), kThreads * kIds);
}

TEST(CasClockTest, ALaterStartIsAboveEveryIdOfAnEarlierOne) {
  CasClock before(CasClock::kTicksPerSecond * 1000);
  std::uint64_t highest = 0;
  // A stripe may give out as many ids a second as a second has ticks.
  for (std::uint64_t i = 0; i < CasClock::kTicksPerSecond; ++i) highest = before.Next(0);
  CasClock after(CasClock::kTicksPerSecond * 1001);
  EXPECT_GT(after.Next(0), highest);
}

TEST(CasClockTest, AStripeKnowsItsLatestId) {
  CasClock clock(1000);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const std::uint64_t hash = i * 7 << 48;
    const std::uint64_t before = clock.LatestOf((i * 7) % CasClock::kStripes);
    const std::uint64_t id = clock.Next(hash);
    EXPECT_GT(id, before);
    EXPECT_EQ(CasClock::StripeOf(id), (i * 7) % CasClock::kStripes);
    EXPECT_EQ(clock.LatestOf(CasClock::StripeOf(id)), id);
  }
}

TEST(CasClockTest, AClockThatStartsAtTheHighestTicksIsAboveEveryIdToo) {
  CasClock before(1000);
  EXPECT_EQ(before.HighestTicks(), 1000u);
  std::uint64_t highest = 0;
  for (int i = 0; i < 100; ++i) highest = before.Next(std::uint64_t{7} << 48);
  before.Next(0);
  EXPECT_EQ(before.HighestTicks(), 1100u);
  CasClock after(before.HighestTicks());
  EXPECT_GT(after.Next(0), highest);
}

TEST(CasClockTest, AStripeGoesOnBehindAnIdOfAnotherClock) {
  CasClock clock(1000);
  const std::uint64_t before = clock.Next(0);
  clock.AdvancePast(0, before - 1);
  EXPECT_LT(clock.Next(0), before + 2 * (1 << CasClock::kStripeBits));
  // Also behind one of another stripe, of which all ids of its tick might be greater.
  const std::uint64_t other = CasClock(5000).Next(~std::uint64_t{0});
  clock.AdvancePast(0, other);
  EXPECT_GT(clock.Next(0), other);
  EXPECT_LT(clock.Next(std::uint64_t{1} << 48), other);
}

TEST(CasClockTest, IdsFitADouble) {
  CasClock clock(CasClock::TicksNow());
  EXPECT_LT(clock.Next(~std::uint64_t{0}), std::uint64_t{1} << 53);
  // 2024-01-01 has passed.
  EXPECT_GT(CasClock::TicksNow(), std::uint64_t{126'230'400} * CasClock::kTicksPerSecond);
}

}  // namespace
}  // namespace ringcache::storage

#include "storage/size_histogram.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::storage {
namespace {

class SizeHistogramTest : public testing::Test {
 protected:
  using Sizes = std::map<std::size_t, std::uint64_t>;
  Sizes Counted() const {
    Sizes sizes;
    for (const SizeHistogram::Row& row : histogram_.Rows()) {
      EXPECT_TRUE(sizes.emplace(row.bytes, row.items).second);
    }
    return sizes;
  }
  // A hash of each stripe.
  static std::uint64_t HashOf(std::size_t stripe) { return std::uint64_t{stripe} << 48; }

  CasClock clock_{1000};
  SizeHistogram histogram_;
};

TEST_F(SizeHistogramTest, CountsNothingWhenItIsOff) {
  EXPECT_FALSE(histogram_.on());
  histogram_.Add(100, 1);
  EXPECT_EQ(Counted(), Sizes());
  histogram_.Start();
  EXPECT_TRUE(histogram_.on());
  EXPECT_EQ(Counted(), Sizes());
}

TEST_F(SizeHistogramTest, SizesAreRoundedUpToStepsOf32Bytes) {
  histogram_.Start();
  for (const std::size_t bytes : {1, 31, 32, 33, 64, 65}) histogram_.Add(bytes, 0);
  EXPECT_EQ(Counted(), (Sizes{{32, 3}, {64, 2}, {96, 1}}));
  histogram_.Subtract(32, 0);
  histogram_.Subtract(65, 0);
  EXPECT_EQ(Counted(), (Sizes{{32, 2}, {64, 2}}));
}

TEST_F(SizeHistogramTest, WhatIsAboveTheLargestSizeIsCountedTogether) {
  constexpr std::size_t kLargest = SizeHistogram::kLargestBytes;
  histogram_.Start();
  histogram_.Add(kLargest, 0);
  histogram_.Add(kLargest + 1, 0);
  histogram_.Add(50 * kLargest, 0);
  EXPECT_EQ(Counted(), (Sizes{{kLargest, 1}, {kLargest + SizeHistogram::kStepBytes, 2}}));
}

TEST_F(SizeHistogramTest, StartedLateItLeavesOutTheIdsThatEachStripeGaveOutBefore) {
  std::vector<std::uint64_t> before;
  // Some stripes are far ahead of others.
  for (std::size_t stripe = 0; stripe < CasClock::kStripes; ++stripe) {
    for (std::size_t i = 0; i <= 10 * stripe; ++i) before.push_back(clock_.Next(HashOf(stripe)));
  }
  histogram_.StartAfter(clock_);
  for (const std::uint64_t id : before) histogram_.Add(100, id);
  EXPECT_EQ(Counted(), Sizes());
  for (std::size_t stripe = 0; stripe < CasClock::kStripes; ++stripe) {
    histogram_.Add(200, clock_.Next(HashOf(stripe)));
  }
  EXPECT_EQ(Counted(), (Sizes{{224, CasClock::kStripes}}));
  // They go uncounted, too.
  for (const std::uint64_t id : before) histogram_.Subtract(200, id);
  EXPECT_EQ(Counted(), (Sizes{{224, CasClock::kStripes}}));
}

TEST_F(SizeHistogramTest, AStartWhileItIsOnChangesNothing) {
  histogram_.Start();
  histogram_.Add(10, 0);
  histogram_.StartAfter(clock_);
  histogram_.Add(10, 0);
  EXPECT_EQ(Counted(), (Sizes{{32, 2}}));
}

TEST_F(SizeHistogramTest, StartedAgainItBeginsWithNone) {
  histogram_.StartAfter(clock_);
  const std::uint64_t earlier = clock_.Next(0);
  histogram_.Add(10, earlier);
  histogram_.Stop();
  EXPECT_FALSE(histogram_.on());
  EXPECT_EQ(Counted(), Sizes());
  histogram_.StartAfter(clock_);
  EXPECT_EQ(Counted(), Sizes());
  histogram_.Subtract(10, earlier);
  histogram_.Add(10, clock_.Next(0));
  EXPECT_EQ(Counted(), (Sizes{{32, 1}}));
}

TEST_F(SizeHistogramTest, WhatWasNotSeenToComeIsNoRow) {
  histogram_.Start();
  histogram_.Subtract(10, 0);
  EXPECT_EQ(Counted(), Sizes());
}

TEST_F(SizeHistogramTest, ThreadsCountEachItemOnce) {
  constexpr std::uint64_t kItems = 20'000;
  histogram_.Start();
  std::vector<std::thread> threads;
  for (std::size_t t = 1; t <= 3; ++t) {
    threads.emplace_back([this, t] {
      for (std::uint64_t i = 0; i < kItems; ++i) histogram_.Add(32 * (1 + t / 2), 0);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Counted(), (Sizes{{32, kItems}, {64, 2 * kItems}}));
}

TEST_F(SizeHistogramTest, ASwitchMiscountsNoMoreThanWhatIsUnderWay) {
  std::atomic<bool> done{false};
  std::vector<std::thread> threads;
  for (std::size_t t = 1; t <= 2; ++t) {
    threads.emplace_back([&, t] {
      while (!done.load()) {
        const std::uint64_t id = clock_.Next(HashOf(t));
        histogram_.Add(32, id);
        histogram_.Subtract(32, id);
      }
    });
  }
  for (int i = 0; i < 100; ++i) {
    histogram_.Stop();
    histogram_.StartAfter(clock_);
  }
  done.store(true);
  for (std::thread& thread : threads) thread.join();
  for (const auto& [bytes, items] : Counted()) EXPECT_LE(items, 2u) << bytes;
}

}  // namespace
}  // namespace ringcache::storage

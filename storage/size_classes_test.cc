#include "storage/size_classes.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::storage {
namespace {

// Of a limit with a page for each of the finest classes, unless it is set.
StoreOptions Large() {
  StoreOptions options;
  options.limit_bytes = std::size_t{1} << 30;
  return options;
}

std::vector<std::size_t> SizesOf(const StoreOptions& options) {
  const SizeClasses classes(options);
  std::vector<std::size_t> sizes;
  for (int i = 0; i < classes.count(); ++i) sizes.push_back(classes.chunk_bytes(i));
  return sizes;
}

StoreOptions Memcacheds() {
  StoreOptions options;
  options.growth_factor = 1.25;
  return options;
}

TEST(SizeClassesTest, AreByDefaultEveryEightBytesAndThenSixPercentApart) {
  const std::vector<std::size_t> sizes = SizesOf(Large());
  EXPECT_LE(sizes.size(), 200u);
  EXPECT_EQ(sizes.front(), 48u);
  EXPECT_EQ(sizes.back(), kPageBytes / 2);
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    const std::size_t before = sizes[i - 1];
    ASSERT_GT(sizes[i], before);
    ASSERT_EQ(sizes[i] % kChunkAlignment, 0u);
    if (sizes[i] <= 160) {
      ASSERT_EQ(sizes[i], before + 8);
    } else if (sizes[i] <= 16384) {
      // The last percent is rounding to 8 bytes, or to whole chunks in a page.
      ASSERT_LE(sizes[i], before + std::max<std::size_t>(8, before * 85 / 1000)) << before;
    } else {
      // At least the next number of chunks a page that is reasonable: no two sizes for one number.
      ASSERT_LT(kPageBytes / sizes[i], kPageBytes / before);
    }
  }
}

TEST(SizeClassesTest, FitTheItemsThatAreReckonedWith) {
  const SizeClasses classes(Large());
  EXPECT_EQ(classes.chunk_bytes(classes.ClassFor(152)), 152u);
  EXPECT_EQ(classes.chunk_bytes(classes.ClassFor(1076)), 1080u);
}

TEST(SizeClassesTest, AreNoMoreThanPagesButAtLeastForty) {
  std::size_t before = 0;
  for (const std::size_t mebibytes : {1u, 16u, 40u, 64u, 100u, 200u}) {
    StoreOptions options;
    options.limit_bytes = mebibytes << 20;
    const std::size_t count = SizesOf(options).size();
    EXPECT_LE(count, std::max<std::size_t>(40, mebibytes));
    EXPECT_GE(count, std::min<std::size_t>(35, mebibytes * 3 / 4)) << mebibytes;
    EXPECT_GE(count, before);
    before = count;
  }
  EXPECT_EQ(before, SizesOf(Large()).size());
}

TEST(SizeClassesTest, LeaveNextToNothingAtTheEndOfAPage) {
  for (const std::size_t bytes : SizesOf(Large())) {
    const std::size_t tail = kPageBytes % bytes;
    // Widening every chunk by another 8 bytes must cost a chunk.
    EXPECT_LT(tail, kPageBytes / bytes * kChunkAlignment) << bytes;
    EXPECT_LT(tail, bytes) << bytes;
    if (bytes > 2048) {
      EXPECT_LT(tail, 4096u) << bytes;
    }
  }
}

TEST(SizeClassesTest, EndAtTheLargestItemOrChunk) {
  for (const std::size_t largest : {1024u, 1025u, 65536u, 524281u}) {
    StoreOptions options;
    options.max_item_bytes = largest;
    const std::vector<std::size_t> sizes = SizesOf(options);
    EXPECT_EQ(sizes.back(), (largest + 7) / 8 * 8);
    for (std::size_t i = 1; i < sizes.size(); ++i) EXPECT_LT(sizes[i - 1], sizes[i]);
  }
}

TEST(SizeClassesTest, OfMemcachedAreThirtyNine) {
  const std::vector<std::size_t> expected = {
      96,    120,    152,    192,    240,    304,    384,    480,    600,   752,
      944,   1184,   1480,   1856,   2320,   2904,   3632,   4544,   5680,  7104,
      8880,  11104,  13880,  17352,  21696,  27120,  33904,  42384,  52984, 66232,
      82792, 103496, 129376, 161720, 202152, 252696, 315872, 394840, 524288};
  EXPECT_EQ(SizesOf(Memcacheds()), expected);
  StoreOptions smallest_value_given;
  smallest_value_given.min_value_bytes = 48;
  EXPECT_EQ(SizesOf(smallest_value_given), expected);
}

TEST(SizeClassesTest, GrowByTheGivenFactorFromTheGivenSmallestValue) {
  StoreOptions options;
  options.growth_factor = 2;
  options.min_value_bytes = 80;
  // 262144 is not below half a page divided by the factor, so it is left out, as in memcached.
  EXPECT_EQ(SizesOf(options), (std::vector<std::size_t>{128, 256, 512, 1024, 2048, 4096, 8192,
                                                        16384, 32768, 65536, 131072, 524288}));
}

TEST(SizeClassesTest, AlwaysAscendHoweverSmallTheFactor) {
  for (const double factor : {1.0001, 1.01, 1.05, 1.1, 1.3, 3.0, 64.0}) {
    StoreOptions options;
    options.growth_factor = factor;
    const std::vector<std::size_t> sizes = SizesOf(options);
    EXPECT_LE(sizes.size(), 63u) << factor;
    for (std::size_t i = 1; i < sizes.size(); ++i) EXPECT_LT(sizes[i - 1], sizes[i]) << factor;
    EXPECT_EQ(sizes.back(), kLargestChunkBytes) << factor;
  }
}

TEST(SizeClassesTest, ExplicitSizesAreTakenRoundedUpToEightAndCompletedByTheLargestItem) {
  StoreOptions options;
  options.chunk_sizes = {100, 200, 4096};
  options.max_item_bytes = 8192;
  EXPECT_EQ(SizesOf(options), (std::vector<std::size_t>{104, 200, 4096, 8192}));
}

TEST(SizeClassesTest, AnItemLivesInTheSmallestChunkThatHoldsIt) {
  for (const StoreOptions& options : {StoreOptions(), Memcacheds()}) {
    const SizeClasses classes(options);
    for (std::size_t bytes = 1; bytes <= kLargestChunkBytes; bytes += bytes < 10000 ? 1 : 997) {
      const int found = classes.ClassFor(bytes);
      ASSERT_GE(classes.chunk_bytes(found), bytes);
      if (found > 0) {
        ASSERT_LT(classes.chunk_bytes(found - 1), bytes);
      }
    }
    for (int i = 0; i < classes.count(); ++i) {
      EXPECT_EQ(classes.ClassFor(classes.chunk_bytes(i)), i);
      if (i + 1 < classes.count()) {
        EXPECT_EQ(classes.ClassFor(classes.chunk_bytes(i) + 1), i + 1);
      }
    }
  }
}

TEST(SizeClassesTest, UnitsGrowWithTheLimitSoThatThirtyTwoBitsNameEveryChunk) {
  constexpr std::size_t kGiB = std::size_t{1} << 30;
  EXPECT_EQ(SizeClasses::UnitShift(kGiB), 3);
  EXPECT_EQ(SizeClasses::UnitShift(31 * kGiB), 3);
  EXPECT_EQ(SizeClasses::UnitShift(32 * kGiB), 4);
  EXPECT_EQ(SizeClasses::UnitShift(63 * kGiB), 4);
  EXPECT_EQ(SizeClasses::UnitShift(64 * kGiB), 5);
  EXPECT_EQ(SizeClasses::UnitShift(4096 * kGiB), 11);
}

TEST(SizeClassesTest, ChunksAreWholeUnitsAboveThirtyOneGiB) {
  for (StoreOptions options : {StoreOptions(), Memcacheds()}) {
    options.limit_bytes = std::size_t{100} << 30;
    ASSERT_EQ(SizeClasses::UnitShift(options.limit_bytes), 5);
    for (const std::size_t bytes : SizesOf(options)) EXPECT_EQ(bytes % 32, 0u);
  }
}

TEST(SizeClassesTest, AscendHoweverLargeTheUnit) {
  for (StoreOptions options : {StoreOptions(), Memcacheds()}) {
    for (int log2 = 30; log2 <= 42; ++log2) {
      options.limit_bytes = std::size_t{1} << log2;
      const std::vector<std::size_t> sizes = SizesOf(options);
      for (std::size_t i = 1; i < sizes.size(); ++i) ASSERT_LT(sizes[i - 1], sizes[i]) << log2;
      EXPECT_EQ(sizes.back(), kLargestChunkBytes) << log2;
    }
  }
}

}  // namespace
}  // namespace ringcache::storage

#include "tools/footprint/value_sizes.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::footprint {
namespace {

constexpr std::uint64_t kDrawn = 100'000;

TEST(ValueSizesTest, LognormalHasItsMedianAndSpreadWithinItsBounds) {
  std::vector<std::size_t> sizes;
  for (std::uint64_t id = 0; id < kDrawn; ++id) sizes.push_back(LognormalBytes(id));
  std::sort(sizes.begin(), sizes.end());
  EXPECT_NEAR(static_cast<double>(sizes[kDrawn / 2]), 500, 15);
  // One sigma up: 500 e.
  EXPECT_NEAR(static_cast<double>(sizes[kDrawn * 8413 / 10000]), 1359, 50);
  EXPECT_EQ(sizes.front(), kSmallestValueBytes);
  EXPECT_EQ(sizes.back(), kLargestValueBytes);
}

TEST(ValueSizesTest, LogUniformHasAsManyInEachDoubling) {
  std::uint64_t in_first = 0;
  for (std::uint64_t id = 0; id < kDrawn; ++id) {
    const std::size_t bytes = LogUniformBytes(id, 100, 1600);
    ASSERT_GE(bytes, 100u);
    ASSERT_LE(bytes, 1600u);
    if (bytes < 200) ++in_first;
  }
  EXPECT_NEAR(static_cast<double>(in_first), static_cast<double>(kDrawn) / 4, 1500);
}

TEST(ValueSizesTest, AKeysSizeIsAlwaysTheSame) {
  EXPECT_EQ(LognormalBytes(17), LognormalBytes(17));
  EXPECT_EQ(LogUniformBytes(17, 50, 500), LogUniformBytes(17, 50, 500));
}

}  // namespace
}  // namespace ringcache::footprint

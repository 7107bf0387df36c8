#include "hashring/spread.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

TEST(SpreadTest, OfFairSharesIsOne) {
  const std::vector<double> shares = {0.2, 0.3, 0.5};
  const Spread spread = SpreadOf(shares, shares);
  EXPECT_EQ(spread.most, 1);
  EXPECT_EQ(spread.least, 1);
  EXPECT_EQ(spread.deviation, 0);
}

TEST(SpreadTest, IsInMultiplesOfWhatIsFair) {
  // Loads of 0.5, 1 and 1.5 times what is fair.
  const Spread spread = SpreadOf({0.1, 0.3, 0.75}, {0.2, 0.3, 0.5});
  EXPECT_DOUBLE_EQ(spread.most, 1.5);
  EXPECT_DOUBLE_EQ(spread.least, 0.5);
  EXPECT_DOUBLE_EQ(spread.deviation, std::sqrt(0.5 / 3));
}

TEST(SpreadTest, SeesAMemberThatOwnsNothing) {
  const Spread spread = SpreadOf({1.0, 0.0}, {0.5, 0.5});
  EXPECT_EQ(spread.most, 2);
  EXPECT_EQ(spread.least, 0);
  EXPECT_EQ(spread.deviation, 1);
}

}  // namespace
}  // namespace ringcache::hashring

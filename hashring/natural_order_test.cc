#include "hashring/natural_order.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

// In natural order, each before the next.
const std::vector<std::string>& Ordered() {
  static const std::vector<std::string> ordered = {
      "",
      "-1",
      "0",
      "9",
      "10",
      "99999999999999999999998",
      "99999999999999999999999",
      "a",
      "a-",
      "a-0",
      "a-00",
      "a-000",
      "a-01",
      "a-1",
      "a-1.svc",
      "a-2",
      "a-2-3",
      "a-2-10",
      "a-9",
      "a-10",
      "a-10.svc",
      "a.b",
      "a1b9",
      "a1b10",
      "a10b1",
      "ab",
      "b",
      "\xc3\xa9",
  };
  return ordered;
}

TEST(NaturalOrderTest, OrdersEveryPairOneWay) {
  for (std::size_t i = 0; i < Ordered().size(); ++i) {
    for (std::size_t j = 0; j < Ordered().size(); ++j) {
      EXPECT_EQ(NaturalLess(Ordered()[i], Ordered()[j]), i < j)
          << "'" << Ordered()[i] << "' and '" << Ordered()[j] << "'";
    }
  }
}

TEST(NaturalOrderTest, SortsWhateverTheOrderBefore) {
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string> shuffled = Ordered();
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    std::sort(shuffled.begin(), shuffled.end(), NaturalLess);
    EXPECT_EQ(shuffled, Ordered());
  }
}

}  // namespace
}  // namespace ringcache::hashring

#include "hashring/placement/jump.h"

#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

// Of Guava's HashingTest: keys that count from 0, a hundred slots.
TEST(JumpTest, IsGuavas) {
  const Jump hundred(100, KeyHash::kDefault);
  const std::uint32_t kSlots[] = {0,  55, 62, 8,  45, 59, 86, 97, 82, 59,
                                  73, 37, 17, 56, 86, 21, 90, 37, 38, 83};
  for (std::uint64_t hash = 0; hash < std::size(kSlots); ++hash) {
    EXPECT_EQ(hundred.LocateHash(hash), kSlots[hash]) << hash;
  }
  const Jump eleven(11, KeyHash::kDefault);
  EXPECT_EQ(eleven.LocateHash(10863919174838991u), 6u);
  EXPECT_EQ(eleven.LocateHash(2016238256797177309u), 3u);
  EXPECT_EQ(eleven.LocateHash(1673758223894951030u), 5u);
  const Jump many(100001, KeyHash::kDefault);
  EXPECT_EQ(many.LocateHash(2), 80343u);
  EXPECT_EQ(many.LocateHash(2201), 22152u);
  EXPECT_EQ(many.LocateHash(2202), 15018u);
}

// Of ClickHouse's test of jumpConsistentHash().
TEST(JumpTest, IsClickHouses) {
  EXPECT_EQ(Jump(57, KeyHash::kDefault).LocateHash(42), 43u);
  EXPECT_EQ(Jump(1024, KeyHash::kDefault).LocateHash(256), 520u);
  EXPECT_EQ(Jump(1, KeyHash::kDefault).LocateHash(3735883980), 0u);
  EXPECT_EQ(Jump(666, KeyHash::kDefault).LocateHash(3735883980), 361u);
  EXPECT_EQ(Jump(255, KeyHash::kDefault).LocateHash(16045690984833335023u), 237u);
}

TEST(JumpTest, AnotherSlotTakesItsShareAndMovesNoOther) {
  int moved = 0;
  for (std::uint64_t hash = 0; hash < 20000; ++hash) {
    const std::uint32_t before = Jump(9, KeyHash::kDefault).LocateHash(hash);
    const std::uint32_t after = Jump(10, KeyHash::kDefault).LocateHash(hash);
    EXPECT_TRUE(after == before || after == 9) << hash;
    moved += after != before;
  }
  EXPECT_NEAR(moved, 2000, 200);
}

// A hash of 32 bits spreads as well as one of 64.
TEST(JumpTest, TakesAKeyHash) {
  std::vector<int> counts(10);
  const Jump jump(10, KeyHash::kFnv1a_32);
  for (int i = 0; i < 20000; ++i) ++counts[jump.Locate(std::to_string(i))];
  for (const int count : counts) EXPECT_NEAR(count, 2000, 300);
}

}  // namespace
}  // namespace ringcache::hashring

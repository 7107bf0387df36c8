#include "hashring/hash/furc.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

std::uint32_t SlotOf(absl::string_view key, std::uint32_t slots) {
  return Furc(FurcHash(key), slots);
}

// Of mcrouter's Ch3HashTest.
TEST(FurcTest, IsMcroutersCh3) {
  EXPECT_EQ(SlotOf("sample", 100), 97u);
  EXPECT_EQ(SlotOf("", 100), 72u);
  EXPECT_EQ(SlotOf("", kFurcMaxSlots), 6173600u);
  EXPECT_EQ(SlotOf("sample", kFurcMaxSlots), 5167780u);
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes.push_back(static_cast<char>(i - 128));
  EXPECT_EQ(SlotOf(all_bytes, 99999), 31015u);
  std::reverse(all_bytes.begin(), all_bytes.end());
  EXPECT_EQ(SlotOf(all_bytes, 99999), 67101u);
}

// Of mcrouter's hash_test.
TEST(FurcTest, IsFurcHash) {
  EXPECT_EQ(SlotOf("key0", 3), 0u);
  EXPECT_EQ(SlotOf("key0", 5), 4u);
  EXPECT_EQ(SlotOf("key0", 10), 7u);
  EXPECT_EQ(SlotOf("key0", 100), 22u);
  EXPECT_EQ(SlotOf("key0", 1000), 950u);
  EXPECT_EQ(SlotOf("key0", kFurcMaxSlots), 4701525u);
  EXPECT_EQ(SlotOf("key1", 3), 2u);
  EXPECT_EQ(SlotOf("key1", 10), 2u);
  EXPECT_EQ(SlotOf("key1", 1000), 808u);
  EXPECT_EQ(SlotOf("key2", 10), 4u);
  EXPECT_EQ(SlotOf("key2", 100), 40u);
}

TEST(FurcTest, OneSlotOrNoneIsSlotZero) {
  EXPECT_EQ(SlotOf("sample", 0), 0u);
  EXPECT_EQ(SlotOf("sample", 1), 0u);
}

std::vector<int> Counts(std::uint32_t slots, int keys) {
  std::vector<int> counts(slots);
  for (int i = 0; i < keys; ++i) ++counts[SlotOf(std::to_string(i), slots)];
  return counts;
}

// Of mcrouter's Ch3HashTest.
TEST(FurcTest, SpreadsAsCh3) {
  EXPECT_EQ(Counts(3, 1000), (std::vector<int>{307, 342, 351}));
  EXPECT_EQ(Counts(10, 10000),
            (std::vector<int>{995, 955, 1046, 968, 1032, 972, 1016, 1038, 1010, 968}));
}

TEST(FurcTest, AnotherSlotTakesKeysFromAllAndMovesNoOther) {
  for (int i = 0; i < 2000; ++i) {
    const std::string key = std::to_string(i);
    for (std::uint32_t slots = 1; slots < 40; ++slots) {
      const std::uint32_t after = SlotOf(key, slots + 1);
      EXPECT_TRUE(after == slots || after == SlotOf(key, slots)) << key << " of " << slots;
    }
  }
}

}  // namespace
}  // namespace ringcache::hashring

#include "hashring/placement/slot_set.h"

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

TEST(SlotSetTest, HoldsWhatWasInserted) {
  for (const std::uint32_t slots : {1u, 64u, 65u, 1024u, 5000u}) {
    SlotSet set(slots);
    for (std::uint32_t slot = 0; slot < slots; slot += 3) EXPECT_TRUE(set.Insert(slot));
    for (std::uint32_t slot = 0; slot < slots; ++slot) {
      EXPECT_EQ(set.Contains(slot), slot % 3 == 0) << slot << " of " << slots;
      EXPECT_EQ(set.Insert(slot), slot % 3 != 0) << slot << " of " << slots;
    }
  }
}

}  // namespace
}  // namespace ringcache::hashring

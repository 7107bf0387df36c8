#include "metrics/hot_keys.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::metrics {
namespace {

using ::testing::ElementsAre;

TEST(HotKeysTest, AreInOrderOfTheirRequestsThenOfTheirError) {
  std::vector<HotKey> keys = {{"d", 1, 0}, {"c", 5, 2}, {"b", 5, 1}, {"a", 5, 2}};
  SortHotKeys(&keys);
  EXPECT_THAT(keys,
              ElementsAre(HotKey{"b", 5, 1}, HotKey{"a", 5, 2}, HotKey{"c", 5, 2}, HotKey{"d", 1}));
}

TEST(HotKeysTest, MergingNothingGivesNothing) {
  const HotKeys merged = MergeHotKeys({}, 10);
  EXPECT_TRUE(merged.keys.empty());
  EXPECT_EQ(merged.requests, 0u);
  EXPECT_EQ(merged.others_at_most, 0u);
}

TEST(HotKeysTest, WhatPartsSayOfAKeyAddsUp) {
  const HotKeys one = {{{"a", 10, 1}, {"b", 4, 0}}, 14, 0};
  const HotKeys two = {{{"b", 7, 2}, {"a", 5, 0}}, 12, 0};
  const HotKeys merged = MergeHotKeys({one, two}, 10);
  EXPECT_THAT(merged.keys, ElementsAre(HotKey{"a", 15, 1}, HotKey{"b", 11, 2}));
  EXPECT_EQ(merged.requests, 26u);
  EXPECT_EQ(merged.others_at_most, 0u);
}

TEST(HotKeysTest, AKeyThatAPartDoesNotNameMayHaveBeenRequestedThere) {
  const HotKeys one = {{{"a", 10, 1}, {"b", 4, 3}}, 30, 4};
  const HotKeys two = {{{"c", 9, 0}, {"a", 6, 5}}, 40, 6};
  const HotKeys merged = MergeHotKeys({one, two}, 10);
  EXPECT_THAT(merged.keys, ElementsAre(HotKey{"a", 16, 6}, HotKey{"c", 13, 4}, HotKey{"b", 10, 9}));
  EXPECT_EQ(merged.others_at_most, 10u);
}

TEST(HotKeysTest, WhatIsLeftOutOfAMergeRaisesTheBoundOfTheOthers) {
  const HotKeys one = {{{"a", 10, 0}, {"b", 8, 0}}, 30, 1};
  const HotKeys two = {{{"c", 20, 0}}, 40, 1};
  const HotKeys merged = MergeHotKeys({one, two}, 2);
  EXPECT_THAT(merged.keys, ElementsAre(HotKey{"c", 21, 1}, HotKey{"a", 11, 1}));
  EXPECT_EQ(merged.others_at_most, 9u);
}

}  // namespace
}  // namespace ringcache::metrics

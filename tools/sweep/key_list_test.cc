#include "tools/sweep/key_list.h"

#include <string>

#include "gtest/gtest.h"

namespace ringcache::sweep {
namespace {

TEST(KeyListTest, GivesKeysInTheOrderInWhichTheyCame) {
  KeyList list(1000);
  EXPECT_TRUE(list.done());
  const std::string longest(protocol::kMaxKeyBytes, 'k');
  for (const absl::string_view key :
       {absl::string_view("a"), absl::string_view("b\0c", 3), absl::string_view(longest)}) {
    EXPECT_TRUE(list.Add(key));
  }
  EXPECT_EQ(list.Take(), "a");
  EXPECT_EQ(list.Take(), absl::string_view("b\0c", 3));
  EXPECT_FALSE(list.done());
  EXPECT_EQ(list.Take(), longest);
  EXPECT_TRUE(list.done());
}

TEST(KeyListTest, TakesNoMoreThanItsBytes) {
  KeyList list(7);
  EXPECT_TRUE(list.Add("abc"));
  EXPECT_FALSE(list.Add("abc"));
  EXPECT_TRUE(list.Add("ab"));
  EXPECT_FALSE(list.Add(""));
  list.Clear();
  EXPECT_TRUE(list.done());
  EXPECT_TRUE(list.Add("abcdef"));
}

}  // namespace
}  // namespace ringcache::sweep

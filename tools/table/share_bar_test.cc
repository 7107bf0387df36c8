#include "tools/table/share_bar.h"

#include "gtest/gtest.h"

namespace ringcache::table {
namespace {

TEST(ShareBarTest, MarksWhatIsFairWithinAndBehindTheBar) {
  EXPECT_EQ(ShareBar(4, 2, 29), "██│█");
  EXPECT_EQ(ShareBar(1, 3, 29), "█  │");
  EXPECT_EQ(ShareBar(0, 0, 1), "│");
}

}  // namespace
}  // namespace ringcache::table

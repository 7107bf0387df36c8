#include "tools/table/text_table.h"

#include "gtest/gtest.h"

namespace ringcache::table {
namespace {

TEST(TextTableTest, AlignsColumnsAndLeavesNoSpaceAtTheEnd) {
  TextTable table("lrl");
  table.AddRow({"member", "share", ""});
  table.AddRow({"a", "7 %", "██"});
  EXPECT_EQ(table.ToString(),
            "member  share\n"
            "a         7 %  ██\n");
  EXPECT_EQ(TextTable("l").ToString(), "");
}

TEST(TextTableTest, ClipsTheMiddle) {
  EXPECT_EQ(Clip("cache-0", 7), "cache-0");
  EXPECT_EQ(Clip("cache-number-10", 10), "cach...-10");
  EXPECT_EQ(Clip("0123456789", 5), "0...9");
}

TEST(TextTableTest, SeparatesThousands) {
  EXPECT_EQ(WithSeparators(0), "0");
  EXPECT_EQ(WithSeparators(999), "999");
  EXPECT_EQ(WithSeparators(1000), "1,000");
  EXPECT_EQ(WithSeparators(1234567), "1,234,567");
}

}  // namespace
}  // namespace ringcache::table

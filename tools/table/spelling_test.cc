#include "tools/table/spelling.h"

#include "gtest/gtest.h"

namespace ringcache::table {
namespace {

TEST(SpellTest, BytesAreReadable) {
  EXPECT_EQ(SpellBytes(0), "0 B");
  EXPECT_EQ(SpellBytes(1023), "1023 B");
  EXPECT_EQ(SpellBytes(1024), "1.0 KiB");
  EXPECT_EQ(SpellBytes(1048575), "1.0 MiB");
  EXPECT_EQ(SpellBytes(5e15), "4547.5 TiB");
}

TEST(SpellTest, UptimeHasTwoUnits) {
  EXPECT_EQ(SpellUptime(59), "59s");
  EXPECT_EQ(SpellUptime(61), "1m 01s");
  EXPECT_EQ(SpellUptime(3600), "1h 00m");
  EXPECT_EQ(SpellUptime(86399), "23h 59m");
  EXPECT_EQ(SpellUptime(90000), "1d 01h");
}

TEST(SpellTest, AShareOfNothingIsADash) {
  EXPECT_EQ(SpellShare(0, 0), "-");
  EXPECT_EQ(SpellShare(0, 5), "0.0 %");
  EXPECT_EQ(SpellShare(1, 3), "33.3 %");
}

}  // namespace
}  // namespace ringcache::table

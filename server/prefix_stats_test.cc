#include "server/prefix_stats.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ringcache::server {
namespace {

std::string Dump(const PrefixTable& table) {
  std::map<std::string, PrefixCounts> totals;
  table.AddTo(&totals);
  return PrefixReport(totals);
}

TEST(PrefixStatsTest, CountsWhatPrecedesTheFirstDelimiter) {
  PrefixTable table;
  table.Enable(true);
  table.CountSet("user:1:name");
  table.CountGet("user:1", /*hit=*/true);
  table.CountGet("user:2", /*hit=*/false);
  table.CountDelete("user:");
  table.CountSet(":nothing before");
  table.CountSet("no delimiter");
  EXPECT_EQ(Dump(table),
            "PREFIX  get 0 hit 0 set 1 del 0\r\n"
            "PREFIX user get 2 hit 1 set 1 del 1\r\nEND\r\n");
}

TEST(PrefixStatsTest, CountsNothingWhileItIsOffAndKeepsWhatItHas) {
  PrefixTable table;
  table.CountSet("a:1");
  EXPECT_EQ(Dump(table), "END\r\n");
  table.Enable(true);
  table.CountSet("a:1");
  table.Enable(false);
  table.CountSet("a:1");
  EXPECT_EQ(Dump(table), "PREFIX a get 0 hit 0 set 1 del 0\r\nEND\r\n");
  table.Clear();
  EXPECT_EQ(Dump(table), "END\r\n");
}

TEST(PrefixStatsTest, TheDelimiterMayBeAnyCharacter) {
  PrefixTable table;
  table.set_delimiter('/');
  table.Enable(true);
  table.CountSet("a:b/c");
  EXPECT_EQ(Dump(table), "PREFIX a:b get 0 hit 0 set 1 del 0\r\nEND\r\n");
}

TEST(PrefixStatsTest, TablesOfWorkersAddUp) {
  PrefixTable first;
  PrefixTable second;
  first.Enable(true);
  second.Enable(true);
  first.CountGet("a:1", /*hit=*/true);
  second.CountGet("a:2", /*hit=*/true);
  second.CountDelete("b:1");
  std::map<std::string, PrefixCounts> totals;
  first.AddTo(&totals);
  second.AddTo(&totals);
  EXPECT_EQ(PrefixReport(totals),
            "PREFIX a get 2 hit 2 set 0 del 0\r\nPREFIX b get 0 hit 0 set 0 del 1\r\nEND\r\n");
}

TEST(PrefixStatsTest, AFullTableGoesOnCountingThePrefixesThatItHas) {
  PrefixTable table;
  table.Enable(true);
  for (std::size_t i = 0; i < PrefixTable::kMaxPrefixes + 10; ++i) {
    table.CountSet(absl::StrCat(i, ":key"));
  }
  table.CountSet("0:key");
  std::map<std::string, PrefixCounts> totals;
  table.AddTo(&totals);
  EXPECT_EQ(totals.size(), PrefixTable::kMaxPrefixes);
  EXPECT_EQ(totals["0"].sets, 2u);
}

}  // namespace
}  // namespace ringcache::server

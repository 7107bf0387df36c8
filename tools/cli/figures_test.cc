#include "tools/cli/figures.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::cli {
namespace {

client::MemberResult Answer(std::vector<std::pair<std::string, std::string>> stats) {
  client::MemberResult result;
  result.name = "a:1";
  result.result.outcome = client::Outcome::kDone;
  result.stats = std::move(stats);
  return result;
}

Figures Member(std::string name, std::uint64_t gets, std::uint64_t items) {
  Figures figures;
  figures.member = std::move(name);
  figures.known = true;
  figures.gets = gets;
  figures.items = items;
  figures.uptime_s = 9;
  return figures;
}

TEST(FiguresTest, AreTakenFromStats) {
  const Figures figures = FiguresOf(Answer({{"version", "1.6"},
                                            {"uptime", "7"},
                                            {"curr_items", "2"},
                                            {"bytes", "100"},
                                            {"limit_maxbytes", "1000"},
                                            {"curr_connections", "3"},
                                            {"cmd_get", "10"},
                                            {"get_hits", "9"},
                                            {"cmd_set", "4"},
                                            {"evictions", "5"},
                                            {"bytes_read", "11"},
                                            {"bytes_written", "12"},
                                            {"pid", "1"}}));
  EXPECT_TRUE(figures.known);
  EXPECT_EQ(figures.member, "a:1");
  EXPECT_EQ(figures.version, "1.6");
  EXPECT_EQ(figures.uptime_s, 7);
  EXPECT_EQ(figures.items, 2);
  EXPECT_EQ(figures.bytes, 100);
  EXPECT_EQ(figures.limit_bytes, 1000);
  EXPECT_EQ(figures.connections, 3);
  EXPECT_EQ(figures.gets, 10);
  EXPECT_EQ(figures.hits, 9);
  EXPECT_EQ(figures.sets, 4);
  EXPECT_EQ(figures.evictions, 5);
  EXPECT_EQ(figures.received_bytes, 11);
  EXPECT_EQ(figures.sent_bytes, 12);
}

TEST(FiguresTest, WhatIsMissingOrNoNumberIsZero) {
  EXPECT_EQ(FiguresOf(Answer({{"cmd_get", "many"}})).gets, 0);
  EXPECT_FALSE(FiguresOf(client::MemberResult()).known);
}

TEST(FiguresTest, TotalsAddUpButForTimes) {
  const std::vector<Figures> members = {Member("a", 5, 1), Figures(), Member("c", 6, 2)};
  const Figures total = TotalOf(members);
  EXPECT_TRUE(total.known);
  EXPECT_EQ(total.member, "total");
  EXPECT_EQ(total.gets, 11);
  EXPECT_EQ(total.items, 3);
  EXPECT_EQ(total.uptime_s, 0);
  EXPECT_FALSE(TotalOf(std::vector<Figures>(2)).known);
}

TEST(FiguresTest, SinceCountsWhatHappenedAndKeepsTheStateOfNow) {
  const Figures since = Since(Member("a", 5, 8), Member("a", 7, 2));
  EXPECT_TRUE(since.known);
  EXPECT_EQ(since.gets, 2);
  EXPECT_EQ(since.items, 2);
}

TEST(FiguresTest, AServerThatBeganAnewIsNotKnown) {
  const Figures since = Since(Member("a", 5, 8), Member("a", 4, 2));
  EXPECT_FALSE(since.known);
  EXPECT_EQ(since.member, "a");
  EXPECT_EQ(since.items, 0);
}

TEST(FiguresTest, MembersAreFoundByNameWhenThePoolChanges) {
  const std::vector<Figures> before = {Member("a", 1, 0), Member("b", 10, 0)};
  const std::vector<Figures> after = {Member("b", 12, 0), Member("c", 3, 0)};
  const std::vector<Figures> since = Since(before, after);
  EXPECT_EQ(since[0].gets, 2);
  EXPECT_FALSE(since[1].known);
  EXPECT_EQ(since[1].member, "c");
}

}  // namespace
}  // namespace ringcache::cli

#include "router/stats/pool_stats.h"

#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace ringcache::router {
namespace {

TEST(PoolStatsTest, AmountsAreSummedInTheOrderTheyWereTold) {
  PoolStats stats("items");
  const std::size_t a = stats.AddMember("a:11211");
  const std::size_t b = stats.AddMember("b:11211");
  stats.Add(a, "items:1:number", "10");
  stats.Add(b, "items:2:number", "1");
  stats.Add(b, "items:1:number", "20");
  EXPECT_EQ(stats.Reply(), "STAT items:1:number 30\r\nSTAT items:2:number 1\r\nEND\r\n");
}

TEST(PoolStatsTest, TimesAndSizesAreNoAmounts) {
  PoolStats stats("slabs");
  const std::size_t a = stats.AddMember("a:11211");
  const std::size_t b = stats.AddMember("b:11211");
  for (const std::size_t member : {a, b}) stats.Add(member, "1:chunk_size", "96");
  stats.Add(a, "items:1:age", "3");
  stats.Add(b, "items:1:age", "9");
  EXPECT_EQ(stats.Reply(),
            "STAT 1:chunk_size 96\r\nSTAT items:1:age@a:11211 3\r\nSTAT items:1:age@b:11211 9\r\n"
            "END\r\n");
}

TEST(PoolStatsTest, SettingsAreToldOnceOrForEach) {
  PoolStats stats("settings");
  const std::size_t a = stats.AddMember("a:11211");
  const std::size_t b = stats.AddMember("b:11211");
  stats.Add(a, "maxbytes", "100");
  stats.Add(b, "maxbytes", "100");
  stats.Add(a, "evictions", "on");
  stats.Add(b, "evictions", "off");
  EXPECT_EQ(stats.Reply(),
            "STAT maxbytes 100\r\nSTAT evictions@a:11211 on\r\nSTAT evictions@b:11211 off\r\n"
            "END\r\n");
}

TEST(PoolStatsTest, WhatIsNoNumberIsNotSummed) {
  PoolStats stats("sizes");
  const std::size_t a = stats.AddMember("a:11211");
  const std::size_t b = stats.AddMember("b:11211");
  stats.Add(a, "96", "1");
  stats.Add(b, "96", "many");
  EXPECT_EQ(stats.Reply(), "STAT 96@a:11211 1\r\nSTAT 96@b:11211 many\r\nEND\r\n");
}

TEST(PoolStatsTest, MembersThatFailAreTold) {
  PoolStats stats("items");
  const std::size_t a = stats.AddMember("a:11211");
  const std::size_t b = stats.AddMember("b:11211");
  stats.Add(a, "items:1:number", "10");
  stats.Fail(b, "timed out");
  EXPECT_EQ(stats.Reply(), "STAT items:1:number 10\r\nSTAT failed@b:11211 timed out\r\nEND\r\n");
  stats.Fail(a, "connection lost");
  EXPECT_EQ(stats.Reply(), "SERVER_ERROR no member answered; a:11211: connection lost\r\n");
  EXPECT_EQ(PoolStats("items").Reply(), "SERVER_ERROR no member answered\r\n");
}

TEST(PoolStatsTest, ThereIsABoundOfBytes) {
  PoolStats stats("sizes");
  const std::size_t a = stats.AddMember("a:11211");
  const std::string value(1000, '1');
  std::size_t bytes = 0;
  int taken = 0;
  while (stats.Add(a, std::to_string(taken), value)) {
    ++taken;
    bytes += value.size();
    ASSERT_LE(bytes, PoolStats::kMaxBytes);
  }
  EXPECT_GT(taken, 1000);
  EXPECT_FALSE(absl::StrContains(stats.Reply(), "STAT " + std::to_string(taken) + " "));
}

}  // namespace
}  // namespace ringcache::router

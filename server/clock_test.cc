#include "server/clock.h"

#include "gtest/gtest.h"

namespace ringcache::server {
namespace {

constexpr storage::UnixSeconds kNow = 1'800'000'000;
constexpr storage::UnixSeconds kStart = kNow - 1000;

TEST(ExpiresAtTest, FollowsMemcachedsRules) {
  EXPECT_EQ(ExpiresAt(0, kNow, kStart), storage::kNever);
  EXPECT_EQ(ExpiresAt(-1, kNow, kStart), kNow) << "at once";
  EXPECT_EQ(ExpiresAt(1, kNow, kStart), kNow + 1);
  EXPECT_EQ(ExpiresAt(kMaxRelativeSeconds, kNow, kStart), kNow + kMaxRelativeSeconds);
  EXPECT_EQ(ExpiresAt(kMaxRelativeSeconds + 1, kNow, kStart), kNow) << "a time in 1970";
  EXPECT_EQ(ExpiresAt(kStart, kNow, kStart), kNow);
  EXPECT_EQ(ExpiresAt(kNow + 5, kNow, kStart), kNow + 5);
  EXPECT_EQ(ExpiresAt(std::int64_t{1} << 40, kNow, kStart), 0xffffffffu);
}

TEST(ExpiresAtTest, RemainingTimeIsMinusOneForEver) {
  EXPECT_EQ(RemainingSeconds(storage::kNever, kNow), -1);
  EXPECT_EQ(RemainingSeconds(kNow + 7, kNow), 7);
}

TEST(SecondsSinceTest, WhatLiesAheadWasNoTimeAgo) {
  EXPECT_EQ(SecondsSince(kNow - 7, kNow), 7u);
  EXPECT_EQ(SecondsSince(kNow, kNow), 0u);
  EXPECT_EQ(SecondsSince(kNow + 1, kNow), 0u);
}

TEST(ClockTest, CanBeStoppedAndMoved) {
  Clock clock(kStart);
  EXPECT_EQ(clock.At(kNow), kNow);
  clock.Pause(kNow);
  EXPECT_EQ(clock.At(kNow + 10), kNow);
  clock.Move(5);
  EXPECT_EQ(clock.At(kNow + 10), kNow + 5);
  clock.Move(-8);
  EXPECT_EQ(clock.At(kNow + 10), kNow - 3);
  clock.Resume();
  EXPECT_EQ(clock.At(kNow + 10), kNow + 7);
}

}  // namespace
}  // namespace ringcache::server

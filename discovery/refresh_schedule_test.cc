#include "discovery/refresh_schedule.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ringcache::discovery {
namespace {

constexpr absl::Duration kNow = absl::Hours(5);
constexpr absl::Duration kNever = absl::InfiniteDuration();

class RefreshScheduleTest : public ::testing::Test {
 protected:
  // How long after an answer of `ttl` the next question is due.
  absl::Duration WaitAfter(absl::Duration ttl, absl::Duration no_later = kNever) {
    schedule_.Asked(kNow);
    schedule_.Answered(kNow, ttl, no_later);
    return schedule_.due() - kNow;
  }
  absl::Duration WaitAfterTrouble() {
    schedule_.Asked(kNow);
    schedule_.Failed(kNow);
    return schedule_.due() - kNow;
  }

  RefreshSchedule schedule_{{absl::Seconds(1), absl::Seconds(30)}, 1};
};

TEST_F(RefreshScheduleTest, TheFirstQuestionIsDueAtOnce) { EXPECT_LT(schedule_.due(), kNow); }

TEST_F(RefreshScheduleTest, AnAnswerIsAskedAnewWhenItsTtlIsOverAndUpToATenthLater) {
  for (int i = 0; i < 1000; ++i) {
    const absl::Duration wait = WaitAfter(absl::Seconds(10));
    EXPECT_GE(wait, absl::Seconds(10));
    EXPECT_LE(wait, absl::Seconds(11));
  }
}

TEST_F(RefreshScheduleTest, WaitsAreWithinTheBounds) {
  for (int i = 0; i < 1000; ++i) {
    EXPECT_GE(WaitAfter(absl::ZeroDuration()), absl::Seconds(1));
    EXPECT_LE(WaitAfter(absl::ZeroDuration()), absl::Seconds(1.1));
    EXPECT_LE(WaitAfter(absl::Hours(1)), absl::Seconds(30));
    EXPECT_GE(WaitAfter(kNever), absl::Seconds(27));
  }
}

TEST_F(RefreshScheduleTest, EqualBoundsAreARhythm) {
  RefreshSchedule schedule({absl::Seconds(5), absl::Seconds(5)}, 1);
  schedule.Answered(kNow, absl::Seconds(1), kNever);
  EXPECT_EQ(schedule.due() - kNow, absl::Seconds(5));
}

TEST_F(RefreshScheduleTest, ClientsSpread) {
  std::set<absl::Duration> waits;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    RefreshSchedule schedule({}, seed);
    schedule.Answered(kNow, absl::Hours(1), kNever);
    waits.insert(schedule.due() - kNow);
  }
  EXPECT_EQ(waits.size(), 100u);
}

TEST_F(RefreshScheduleTest, WhatIsDueEarlierPullsTheQuestionForwardButNotBelowTheMinimum) {
  EXPECT_EQ(WaitAfter(absl::Hours(1), kNow + absl::Seconds(7)), absl::Seconds(7));
  EXPECT_EQ(WaitAfter(absl::Hours(1), kNow - absl::Seconds(7)), absl::Seconds(1));
}

TEST_F(RefreshScheduleTest, BeforeTheFirstSuccessRetriesAreQuickAndStayBelowFiveSeconds) {
  absl::Duration at_least = absl::Milliseconds(250);
  for (int i = 0; i < 20; ++i) {
    const absl::Duration wait = WaitAfterTrouble();
    EXPECT_GE(wait, at_least);
    EXPECT_LE(wait, absl::Seconds(5));
    at_least = std::min(2 * at_least, absl::Seconds(5));
  }
}

TEST_F(RefreshScheduleTest, LaterRetriesDoubleUpToTheMaximum) {
  WaitAfter(absl::Seconds(10));
  EXPECT_LE(WaitAfterTrouble(), absl::Seconds(1.1));
  EXPECT_GE(WaitAfterTrouble(), absl::Seconds(2));
  for (int i = 0; i < 10; ++i) EXPECT_LE(WaitAfterTrouble(), absl::Seconds(30));
  EXPECT_EQ(WaitAfterTrouble(), absl::Seconds(30));
  WaitAfter(absl::Seconds(10));
  EXPECT_LE(WaitAfterTrouble(), absl::Seconds(1.1)) << "an answer forgives";
}

TEST_F(RefreshScheduleTest, HurryIsOnceASecondAndForOneQuestion) {
  WaitAfter(absl::Seconds(20));
  schedule_.Hurry();
  schedule_.Hurry();
  EXPECT_EQ(schedule_.due(), kNow + absl::Seconds(1));
  schedule_.Asked(kNow + absl::Seconds(1));
  EXPECT_GT(schedule_.due(), kNow + absl::Seconds(10));
}

TEST_F(RefreshScheduleTest, HurryNeverDelays) {
  WaitAfterTrouble();
  const absl::Duration due = schedule_.due();
  schedule_.Hurry();
  EXPECT_EQ(schedule_.due(), due);
}

}  // namespace
}  // namespace ringcache::discovery

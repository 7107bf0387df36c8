// What only simulated time does; the contract of loops is tested by event_loop_test.cc.

#include "net/simulated_loop.h"

#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ringcache::net {
namespace {

class SimulatedLoopTest : public testing::Test {
 protected:
  void Log(absl::Duration delay, const std::string& text) {
    loop_.RunAfter(delay, [this, text] { log_.push_back(text); });
  }

  SimulatedLoop loop_;
  const absl::Duration start_ = loop_.MonotonicNow();
  const absl::Time wall_start_ = loop_.WallNow();
  std::vector<std::string> log_;
};

TEST_F(SimulatedLoopTest, TimePassesToTheEndOfWhatIsRunAndNoFurther) {
  Log(absl::Hours(1), "hour");
  Log(absl::Hours(2), "two hours");
  Log(absl::Hours(2) + absl::Nanoseconds(1), "too late");
  loop_.RunFor(absl::Hours(2));
  EXPECT_EQ(log_, (std::vector<std::string>{"hour", "two hours"}));
  EXPECT_EQ(loop_.MonotonicNow() - start_, absl::Hours(2));
  EXPECT_EQ(loop_.WallNow() - wall_start_, absl::Hours(2));
  EXPECT_EQ(loop_.MonotonicSeconds(), absl::ToInt64Seconds(start_) + 7200);
}

TEST_F(SimulatedLoopTest, RunEndsWhenNothingIsLeftToWaitFor) {
  Log(absl::Minutes(1), "timer");
  loop_.Post([this] { log_.push_back("task"); });
  loop_.Run();
  EXPECT_EQ(log_, (std::vector<std::string>{"task", "timer"}));
}

TEST_F(SimulatedLoopTest, RunUntilStopsAtTheWakeUpThatDidIt) {
  Log(absl::Seconds(1), "first");
  Log(absl::Seconds(2), "second");
  EXPECT_TRUE(loop_.RunUntil([this] { return !log_.empty(); }, absl::Minutes(1)));
  EXPECT_EQ(loop_.MonotonicNow() - start_, absl::Seconds(1));
  EXPECT_FALSE(loop_.RunUntil([this] { return log_.size() == 3; }, absl::Minutes(1)));
  EXPECT_EQ(log_.size(), 2u);
}

TEST_F(SimulatedLoopTest, ArrivalsComeBeforeTheTimersThatAreDue) {
  Log(absl::Seconds(1), "timer");
  loop_.ArriveAfter(absl::Seconds(1), [this] {
    log_.push_back("arrival");
    loop_.Post([this] { log_.push_back("task"); });
    loop_.ArriveAfter(absl::ZeroDuration(), [this] { log_.push_back("next arrival"); });
  });
  loop_.RunFor(absl::Seconds(1));
  EXPECT_EQ(log_, (std::vector<std::string>{"arrival", "timer", "task", "next arrival"}));
}

TEST_F(SimulatedLoopTest, ACancelledArrivalDoesNotCome) {
  loop_.CancelArrival(loop_.ArriveAfter(absl::Seconds(1), [this] { log_.push_back("arrival"); }));
  loop_.RunFor(absl::Seconds(2));
  EXPECT_TRUE(log_.empty());
}

TEST_F(SimulatedLoopTest, AnInfiniteDelayNeverEnds) {
  Log(absl::InfiniteDuration(), "never");
  loop_.RunFor(absl::Hours(24 * 365));
  EXPECT_TRUE(log_.empty());
}

TEST(SimulatedLoopDeathTest, WhatRenewsItselfForEverEndsTheProcess) {
  SimulatedLoop loop;
  std::function<void()> renew = [&] { loop.Post(renew); };
  loop.Post(renew);
  EXPECT_DEATH(loop.RunFor(absl::Seconds(1)), "renews itself for ever");
}

}  // namespace
}  // namespace ringcache::net

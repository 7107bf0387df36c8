#include "net/loop_pulse.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"

namespace ringcache::net {
namespace {

constexpr absl::Duration kNow = absl::Seconds(1000);

TEST(LoopPulseTest, ALoopThatWasNotAskedIsNotSilent) {
  SimulatedLoop loop;
  const LoopPulse pulse(&loop);
  EXPECT_EQ(pulse.SilentFor(kNow), absl::ZeroDuration());
}

TEST(LoopPulseTest, SilenceLastsFromTheQuestionToTheAnswer) {
  SimulatedLoop loop;
  LoopPulse pulse(&loop);
  pulse.Ask(kNow);
  EXPECT_EQ(pulse.SilentFor(kNow + absl::Seconds(3)), absl::Seconds(3));
  loop.RunFor(absl::Milliseconds(1));
  EXPECT_EQ(pulse.SilentFor(kNow + absl::Seconds(4)), absl::ZeroDuration());
}

TEST(LoopPulseTest, AskingAgainWhileTheAnswerIsOwedIsNoNewQuestion) {
  SimulatedLoop loop;
  LoopPulse pulse(&loop);
  for (int i = 0; i < 5; ++i) pulse.Ask(kNow + absl::Seconds(i));
  EXPECT_EQ(pulse.SilentFor(kNow + absl::Seconds(5)), absl::Seconds(5));
  loop.RunFor(absl::Milliseconds(1));
  EXPECT_EQ(pulse.SilentFor(kNow + absl::Seconds(5)), absl::ZeroDuration());
  pulse.Ask(kNow + absl::Seconds(6));
  EXPECT_EQ(pulse.SilentFor(kNow + absl::Seconds(8)), absl::Seconds(2));
}

TEST(LoopPulseTest, AQuestionMayOutliveThePulse) {
  SimulatedLoop loop;
  { LoopPulse(&loop).Ask(kNow); }
  loop.RunFor(absl::Milliseconds(1));
}

}  // namespace
}  // namespace ringcache::net

#include "process/loop_watch.h"

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"

namespace ringcache::process {
namespace {

TEST(LoopWatchTest, NamesALoopThatOwesAnAnswerForTooLong) {
  net::SimulatedLoop turning;
  net::SimulatedLoop stuck;
  LoopWatch watch;
  watch.Add("one", &turning);
  watch.Add("two", &stuck);
  EXPECT_EQ(watch.FindStuck(absl::ZeroDuration()), "") << "nobody was asked before";
  turning.RunFor(absl::Milliseconds(1));
  EXPECT_EQ(watch.FindStuck(absl::Hours(1)), "");
  EXPECT_GT(watch.SilentFor(1), absl::ZeroDuration());
  turning.RunFor(absl::Milliseconds(1));
  const std::string reason = watch.FindStuck(absl::ZeroDuration());
  EXPECT_TRUE(absl::StartsWith(reason, "thread two has been busy for ")) << reason;
  stuck.RunFor(absl::Milliseconds(1));
  turning.RunFor(absl::Milliseconds(1));
  EXPECT_EQ(watch.FindStuck(absl::ZeroDuration()), "");
}

}  // namespace
}  // namespace ringcache::process

#include "server/latency/command_latencies.h"

#include "gtest/gtest.h"

namespace ringcache::server {
namespace {

using protocol::CommandClass;
using protocol::Operation;

class CommandLatenciesTest : public testing::Test {
 protected:
  metrics::LatencyHistogram Of(CommandClass command_class) const {
    metrics::LatencyHistogram histogram;
    latencies_.AddTo(command_class, &histogram);
    return histogram;
  }

  CommandLatencies latencies_;
};

TEST_F(CommandLatenciesTest, RequestsThatWereCountedTakeWhatIsRecordedNext) {
  latencies_.Count(Operation::kGet);
  latencies_.Count(Operation::kMetaGet);
  latencies_.Count(Operation::kSet);
  EXPECT_TRUE(latencies_.any());
  latencies_.Record(100);
  EXPECT_FALSE(latencies_.any());
  latencies_.Count(Operation::kGet);
  latencies_.Record(50);
  EXPECT_EQ(Of(CommandClass::kGet).Count(), 3u);
  EXPECT_EQ(Of(CommandClass::kGet).SumNs(), 250u);
  EXPECT_EQ(Of(CommandClass::kSet).Count(), 1u);
  EXPECT_EQ(Of(CommandClass::kDelete).Count(), 0u);
}

TEST_F(CommandLatenciesTest, AClockThatStepsBackCountsAsNoTime) {
  latencies_.Count(Operation::kTouch);
  latencies_.Record(-5);
  EXPECT_EQ(Of(CommandClass::kTouch).Count(), 1u);
  EXPECT_EQ(Of(CommandClass::kTouch).MaxNs(), 0u);
}

TEST_F(CommandLatenciesTest, AfterAResetOnlyWhatIsNewCounts) {
  latencies_.Count(Operation::kDelete);
  latencies_.Record(100);
  latencies_.Reset();
  EXPECT_EQ(Of(CommandClass::kDelete).Count(), 0u) << "at once";
  latencies_.Count(Operation::kIncrement);
  latencies_.Record(7);
  EXPECT_EQ(Of(CommandClass::kDelete).Count(), 0u);
  EXPECT_EQ(Of(CommandClass::kDelete).MaxNs(), 0u);
  EXPECT_EQ(Of(CommandClass::kArithmetic).Count(), 1u);
}

}  // namespace
}  // namespace ringcache::server

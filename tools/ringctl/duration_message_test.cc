#include "tools/ringctl/duration_message.h"

#include "gtest/gtest.h"

namespace ringcache::ringctl {
namespace {

TEST(DurationMessageTest, HasSecondsAndNanoseconds) {
  EXPECT_EQ(DurationMessage(0).seconds(), 0);
  EXPECT_EQ(DurationMessage(2.5).seconds(), 2);
  EXPECT_EQ(DurationMessage(2.5).nanos(), 500'000'000);
  EXPECT_EQ(DurationMessage(1e9).seconds(), 1'000'000'000);
  EXPECT_EQ(DurationMessage(1e9).nanos(), 0);
}

}  // namespace
}  // namespace ringcache::ringctl

#include "client/pending_calls.h"

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "client/reply_recorder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PendingCallsTest : public testing::Test {
 protected:
  void Push(std::uint64_t tag, int deadline_s) {
    calls_.PushBack({&receiver_, tag, absl::Seconds(deadline_s), protocol::Operation::kGet});
  }
  // The tags that are given up at `now_s`.
  std::vector<std::uint64_t> GiveUp(int now_s) {
    std::vector<std::uint64_t> tags;
    next_ = calls_.GiveUpUntil(absl::Seconds(now_s),
                               [&](const PendingCall& call) { tags.push_back(call.tag); });
    return tags;
  }

  ReplyRecorder receiver_;
  PendingCalls calls_{100};
  absl::Duration next_;
};

TEST_F(PendingCallsTest, TheOldestComesFirst) {
  for (std::uint64_t tag = 0; tag < 100; ++tag) Push(tag, 10);
  EXPECT_TRUE(calls_.full());
  for (std::uint64_t tag = 0; tag < 100; ++tag) {
    EXPECT_EQ(calls_.front().tag, tag);
    calls_.PopFront();
  }
  EXPECT_TRUE(calls_.empty());
}

TEST_F(PendingCallsTest, GrowingKeepsTheOrderWhereverTheRingBegins) {
  for (std::uint64_t tag = 0; tag < 11; ++tag) Push(tag, 10);
  for (int i = 0; i < 10; ++i) calls_.PopFront();
  for (std::uint64_t tag = 11; tag < 60; ++tag) Push(tag, 10);
  for (std::uint64_t tag = 10; tag < 60; ++tag) {
    EXPECT_EQ(calls_.front().tag, tag);
    calls_.PopFront();
  }
}

TEST_F(PendingCallsTest, ACallThatIsGivenUpKeepsItsPlace) {
  Push(1, 5);
  Push(2, 3);
  Push(3, 8);
  EXPECT_THAT(GiveUp(5), ElementsAre(1, 2));
  EXPECT_EQ(next_, absl::Seconds(8));
  EXPECT_EQ(calls_.size(), 3);
  EXPECT_EQ(calls_.given_up(), 2);
  EXPECT_THAT(GiveUp(6), IsEmpty());
  EXPECT_EQ(calls_.front().receiver, nullptr);
  calls_.PopFront();
  calls_.PopFront();
  EXPECT_EQ(calls_.given_up(), 0);
  EXPECT_EQ(calls_.front().tag, 3);
}

TEST_F(PendingCallsTest, CallsMayBeAddedWhileOthersAreGivenUp) {
  Push(1, 5);
  const absl::Duration next = calls_.GiveUpUntil(absl::Seconds(5), [this](const PendingCall&) {
    for (std::uint64_t tag = 10; tag < 40; ++tag) Push(tag, 7);
  });
  EXPECT_EQ(next, absl::Seconds(7));
  EXPECT_EQ(calls_.size(), 31);
  EXPECT_EQ(calls_.given_up(), 1);
}

TEST_F(PendingCallsTest, WithoutCallsThereIsNoDeadline) {
  EXPECT_THAT(GiveUp(5), IsEmpty());
  EXPECT_EQ(next_, absl::InfiniteDuration());
}

}  // namespace
}  // namespace ringcache::client

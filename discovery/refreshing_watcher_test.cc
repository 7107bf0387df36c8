#include "discovery/refreshing_watcher.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "discovery/discovery_address.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"

namespace ringcache::discovery {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// Answers with `next` a millisecond after it is asked, or never while that is empty.
class TestSource final : public PoolSource {
 public:
  explicit TestSource(net::EventLoop* loop) : loop_(loop) {}
  ~TestSource() override { Cancel(); }
  void Ask(Callback done) override {
    ++asked;
    if (!next.has_value()) return;
    timer_ = loop_->RunAfter(absl::Milliseconds(1), [this, done = std::move(done)] {
      timer_ = 0;
      done(*next);
    });
  }
  void Cancel() override {
    ++cancelled;
    if (timer_ != 0) loop_->CancelTimer(timer_);
    timer_ = 0;
  }
  void NotifyOfChanges(std::function<void()> changed) override { change = std::move(changed); }

  std::optional<PoolAnswer> next;
  std::function<void()> change;
  int asked = 0;
  int cancelled = 0;

 private:
  net::EventLoop* const loop_;
  net::EventLoop::TimerId timer_ = 0;
};

PoolAnswer Members(const std::vector<std::string>& addresses) {
  PoolAnswer answer;
  answer.ttl = absl::Seconds(10);
  for (const std::string& text : addresses) {
    answer.candidates.push_back({text, 1, 1, {net::SocketAddress::Parse(text, 1).value()}});
  }
  return answer;
}
PoolAnswer Trouble(PoolOutcome outcome, const std::string& problem) {
  PoolAnswer answer;
  answer.outcome = outcome;
  answer.problem = problem;
  return answer;
}

class RefreshingWatcherTest : public ::testing::Test {
 protected:
  RefreshingWatcherTest() {
    auto source = std::make_unique<TestSource>(&loop_);
    source_ = source.get();
    watcher_ = std::make_unique<RefreshingWatcher>(&loop_, std::move(source),
                                                   RefreshingWatcher::Options{.seed = 1});
  }
  void Start(const PoolAnswer& first) {
    source_->next = first;
    watcher_->Start([this](const auto& snapshot) { seen_.push_back(snapshot); });
    EXPECT_TRUE(seen_.empty()) << "called from within Start";
    loop_.RunFor(absl::Milliseconds(10));
  }

  net::SimulatedLoop loop_;
  TestSource* source_;
  std::unique_ptr<RefreshingWatcher> watcher_;
  std::vector<std::shared_ptr<const Snapshot>> seen_;
};

TEST_F(RefreshingWatcherTest, NothingIsKnownAndNothingAskedBeforeStart) {
  watcher_->RefreshSoon();
  loop_.RunFor(absl::Minutes(1));
  EXPECT_EQ(watcher_->current(), nullptr);
  EXPECT_EQ(source_->asked, 0);
  EXPECT_EQ(watcher_->stats().since_refresh, absl::InfiniteDuration());
}

TEST_F(RefreshingWatcherTest, EveryChangeIsPublishedOnce) {
  Start(Members({"10.0.0.1"}));
  ASSERT_THAT(seen_, SizeIs(1));
  EXPECT_EQ(seen_[0], watcher_->current());
  loop_.RunFor(absl::Minutes(2));
  EXPECT_THAT(seen_, SizeIs(1));
  source_->next = Members({"10.0.0.1", "10.0.0.2"});
  loop_.RunFor(absl::Minutes(2));
  ASSERT_THAT(seen_, SizeIs(2));
  EXPECT_EQ(seen_[1]->version, 2u);
  EXPECT_EQ(watcher_->stats().changes, 2u);
  EXPECT_GE(watcher_->stats().refreshes, 20u);
  EXPECT_LE(watcher_->stats().since_refresh, absl::Seconds(11));
}

TEST_F(RefreshingWatcherTest, TroubleKeepsTheMembersAndShowsInTheStats) {
  Start(Members({"10.0.0.1"}));
  const auto members = watcher_->current();
  source_->next = Trouble(PoolOutcome::kError, "SERVFAIL");
  loop_.RunFor(absl::Hours(1));
  EXPECT_EQ(watcher_->current(), members);
  EXPECT_GT(watcher_->stats().errors, 100u);
  EXPECT_EQ(watcher_->stats().last_error, "SERVFAIL");
  EXPECT_GT(watcher_->stats().since_refresh, absl::Minutes(59));
  source_->next = Trouble(PoolOutcome::kNotFound, "NXDOMAIN");
  loop_.RunFor(absl::Minutes(1));
  source_->next = Trouble(PoolOutcome::kEmpty, "nobody");
  loop_.RunFor(absl::Minutes(1));
  EXPECT_EQ(watcher_->current(), members);
  EXPECT_GE(watcher_->stats().not_found, 1u);
  EXPECT_GE(watcher_->stats().empty, 1u);
  source_->next = Members({"10.0.0.1"});
  loop_.RunFor(absl::Minutes(1));
  EXPECT_EQ(watcher_->stats().last_error, "");
  EXPECT_THAT(seen_, SizeIs(1));
}

TEST_F(RefreshingWatcherTest, PartsThatFailShowBesideTheMembers) {
  PoolAnswer answer = Members({"10.0.0.1"});
  answer.problem = "b is not found";
  answer.warning = "advice";
  answer.truncated = 2;
  Start(answer);
  EXPECT_THAT(seen_, SizeIs(1));
  EXPECT_EQ(watcher_->stats().errors, 1u);
  EXPECT_EQ(watcher_->stats().last_error, "b is not found");
  EXPECT_EQ(watcher_->stats().warning, "advice");
  EXPECT_EQ(watcher_->stats().truncated, 2u);
}

TEST_F(RefreshingWatcherTest, TheFirstAnswerIsTriedForQuickly) {
  Start(Trouble(PoolOutcome::kNotFound, "no pod yet"));
  loop_.RunFor(absl::Minutes(1));
  EXPECT_GE(source_->asked, 12);
  source_->next = Members({"10.0.0.1"});
  loop_.RunFor(RefreshSchedule::kMaxFirstRetry);
  loop_.RunFor(absl::Milliseconds(10));
  EXPECT_THAT(seen_, SizeIs(1));
}

TEST_F(RefreshingWatcherTest, AVanishedMemberLeavesSoonAfterItsGrace) {
  Start(Members({"10.0.0.1", "10.0.0.2"}));
  source_->next = Members({"10.0.0.1"});
  source_->next->ttl = absl::Seconds(29);
  loop_.RunFor(absl::Seconds(12));
  ASSERT_THAT(seen_, SizeIs(2));
  EXPECT_TRUE(seen_[1]->members[1].vanished);
  // The refresh that lets it leave is at the end of the grace, not whenever the TTL has it.
  loop_.RunFor(absl::Seconds(61));
  ASSERT_THAT(seen_, SizeIs(3));
  EXPECT_THAT(seen_[2]->members, SizeIs(1));
}

TEST_F(RefreshingWatcherTest, RefreshSoonAsksAtMostOnceASecond) {
  Start(Members({"10.0.0.1"}));
  const int before = source_->asked;
  for (int i = 0; i < 500; ++i) {
    watcher_->RefreshSoon();
    loop_.RunFor(absl::Milliseconds(10));
  }
  EXPECT_GE(source_->asked - before, 4);
  EXPECT_LE(source_->asked - before, 6);
}

TEST_F(RefreshingWatcherTest, ASourceThatSawAChangeIsAskedSoon) {
  Start(Members({"10.0.0.1"}));
  source_->next = Members({"10.0.0.2"});
  source_->change();
  loop_.RunFor(absl::Seconds(1.1));
  EXPECT_THAT(seen_, SizeIs(2));
}

TEST_F(RefreshingWatcherTest, AQuestionWithoutAnAnswerIsGivenUp) {
  Start(Members({"10.0.0.1"}));
  source_->next.reset();
  loop_.RunFor(absl::Minutes(2));
  EXPECT_GE(source_->cancelled, 2);
  EXPECT_THAT(watcher_->stats().last_error, HasSubstr("no whole answer within 30s"));
  source_->next = Members({"10.0.0.2"});
  loop_.RunFor(absl::Minutes(2));
  EXPECT_EQ(watcher_->current()->members.back().name, "10.0.0.2") << "asking goes on";
}

TEST_F(RefreshingWatcherTest, TooManyMembersAreAnError) {
  Start(Members({"10.0.0.1"}));
  PoolAnswer answer;
  for (std::size_t i = 0; i <= kMaxMembers; ++i) {
    answer.candidates.push_back({absl::StrCat("m", i), 1, 1, {net::SocketAddress::Loopback(1)}});
  }
  source_->next = answer;
  loop_.RunFor(absl::Minutes(1));
  EXPECT_THAT(seen_, SizeIs(1));
  EXPECT_THAT(watcher_->stats().last_error, HasSubstr("has 10001 members; a pool has at most"));
}

TEST_F(RefreshingWatcherTest, AListenerMayDestroyTheWatcherThatCallsIt) {
  source_->next = Members({"10.0.0.1"});
  int calls = 0;
  watcher_->Start([this, &calls](const auto&) {
    watcher_.reset();
    ++calls;
  });
  loop_.RunFor(absl::Minutes(5));
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(watcher_, nullptr);
}

TEST_F(RefreshingWatcherTest, ADestroyedWatcherCallsNobody) {
  source_->next = Members({"10.0.0.1"});
  watcher_->Start([this](const auto& snapshot) { seen_.push_back(snapshot); });
  loop_.RunFor(absl::ZeroDuration());
  EXPECT_EQ(source_->asked, 1);
  watcher_.reset();
  loop_.RunFor(absl::Minutes(5));
  EXPECT_TRUE(seen_.empty());
}

}  // namespace
}  // namespace ringcache::discovery

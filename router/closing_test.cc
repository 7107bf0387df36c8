// The end of a client: it says no more, quits, is drained, or goes away, with or without replies
// that it is owed.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/route/fake_route.h"
#include "router/router_fixture.h"

namespace ringcache::router {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ClosingTest : public RouterFixture {
 protected:
  void StartSlow() {
    Start();
    for (std::size_t i = 0; i < 3; ++i) {
      Store(KeyOf(i), absl::StrCat("of ", i));
      member(i).set_latency(10 * kMs);
    }
  }
  // Asks each member, and is owed three replies.
  void AskAll(Client& client) {
    for (std::size_t i = 0; i < 3; ++i) client.peer.Say(absl::StrCat("get ", KeyOf(i), "\r\n"));
  }
  std::string AllReplies() const {
    std::string replies;
    for (std::size_t i = 0; i < 3; ++i) {
      absl::StrAppend(&replies, Found(KeyOf(i), absl::StrCat("of ", i)), "END\r\n");
    }
    return replies;
  }
};

TEST_F(ClosingTest, AClientThatSaysNoMoreHearsWhatItIsOwedAndThenTheEnd) {
  StartSlow();
  Client& client = Connect();
  AskAll(client);
  client.peer.EndSaying();
  Pass(9 * kMs);
  EXPECT_FALSE(client.peer.was_left());
  Pass(2 * kMs);
  EXPECT_EQ(Heard(client), AllReplies());
  EXPECT_TRUE(client.peer.was_left());
  EXPECT_EQ(worker_->clients(), 0u);
}

TEST_F(ClosingTest, AClientThatSaysNoMoreAndIsOwedNothingIsClosed) {
  Start();
  Client& client = Connect();
  client.peer.Say("get k\r\nge");
  client.peer.EndSaying();
  Settle();
  EXPECT_EQ(Heard(client), "END\r\n");
  EXPECT_TRUE(client.peer.was_left());
  EXPECT_EQ(worker_->clients(), 0u);
}

// More was read than is carried out in a wake-up, or than may be outstanding.
TEST_F(ClosingTest, AllThatWasSaidBeforeTheEndIsAnswered) {
  options_.max_requests_per_event = 3;
  options_.max_client_outstanding = 5;
  StartSlow();
  Client& client = Connect();
  std::string replies;
  for (int i = 0; i < 20; ++i) {
    AskAll(client);
    replies += AllReplies();
  }
  client.peer.EndSaying();
  Pass(absl::Seconds(1));
  EXPECT_EQ(Heard(client), replies);
  EXPECT_TRUE(client.peer.was_left());
}

TEST_F(ClosingTest, QuitIsTheLastRequestAndRepliesBeforeItAreHeard) {
  StartSlow();
  Client& client = Connect();
  AskAll(client);
  client.peer.Say("quit\r\nget more\r\n");
  Pass(9 * kMs);
  EXPECT_FALSE(client.peer.was_left());
  client.peer.Say("get yet more\r\n");
  Pass(2 * kMs);
  EXPECT_EQ(Heard(client), AllReplies());
  EXPECT_TRUE(client.peer.was_left());
  EXPECT_EQ(member(0).seen().size() + member(1).seen().size() + member(2).seen().size(), 6u);
}

TEST_F(ClosingTest, QuitAloneClosesAtOnce) {
  Start();
  Client& client = Connect();
  EXPECT_EQ(Ask(client, "quit\r\n"), "");
  EXPECT_TRUE(client.peer.was_left());
}

TEST_F(ClosingTest, ADrainedClientHearsWhatItIsOwedAndNothingIsBegun) {
  StartSlow();
  Client& client = Connect();
  Client& idle = Connect();
  Client& in_the_midst = Connect();
  AskAll(client);
  in_the_midst.peer.Say("set k 0 0 100000\r\nbegun");
  Settle();
  worker_->DrainAll();
  Settle();
  EXPECT_TRUE(idle.peer.was_left());
  EXPECT_TRUE(in_the_midst.peer.was_left());
  EXPECT_FALSE(client.peer.was_left());
  client.peer.Say("set late 0 0 1\r\nx\r\n");
  Pass(11 * kMs);
  EXPECT_EQ(Heard(client), AllReplies());
  EXPECT_TRUE(client.peer.was_left());
  EXPECT_EQ(Heard(in_the_midst), "");
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(LinesTo(i).size(), 2u);
}

TEST_F(ClosingTest, ADrainWaitsForAClientThatReadsSlowly) {
  Start();
  const std::string value = Bytes(500'000);
  Store(KeyOf(0), value);
  Client& client = Connect({.window_bytes = 1000});
  client.peer.set_reads(false);
  client.peer.Say(absl::StrCat("get ", KeyOf(0), "\r\n"));
  Settle();
  worker_->DrainAll();
  Settle();
  client.peer.set_reads(true);
  Settle();
  EXPECT_EQ(Heard(client), Found(KeyOf(0), value) + "END\r\n");
  EXPECT_TRUE(client.peer.was_left());
}

TEST_F(ClosingTest, RepliesToAClientThatHasGoneAreNobodyElses) {
  StartSlow();
  Client& gone = Connect();
  AskAll(gone);
  gone.peer.Say(absl::StrCat("get ", KeyOf(0), " ", KeyOf(1), "\r\n", Set(KeyOf(2), "changed")));
  Settle();
  gone.peer.Reset();
  Settle();
  EXPECT_EQ(worker_->clients(), 0u);
  EXPECT_EQ(worker_->exchanges(), 5u);
  Client& next = Connect();
  next.peer.Say(absl::StrCat("get ", KeyOf(1), "\r\n"));
  Pass(20 * kMs);
  EXPECT_EQ(Heard(next), Found(KeyOf(1), "of 1") + "END\r\n");
  EXPECT_EQ(worker_->exchanges(), 0u);
  EXPECT_EQ(reply_bytes_.load(), 0u);
  EXPECT_EQ(member(2).cache().Find(KeyOf(2), loop_.WallNow())->value, "changed");
}

TEST_F(ClosingTest, AClientMayGoWithRepliesThatItHasNotTaken) {
  Start();
  Store(KeyOf(0), Bytes(50'000));
  Client& client = Connect({.window_bytes = 1000});
  client.peer.set_reads(false);
  for (int i = 0; i < 10; ++i) client.peer.Say(absl::StrCat("get ", KeyOf(0), "\r\n"));
  Settle();
  EXPECT_GT(reply_bytes_.load(), 0u);
  client.peer.HangUp();
  Settle();
  EXPECT_EQ(worker_->clients(), 0u);
  EXPECT_EQ(reply_bytes_.load(), 0u);
}

TEST_F(ClosingTest, AClientMayGoInTheMidstOfAValueItSends) {
  Start();
  for (const std::size_t sent : {100u, 5000u, 20'000u, 100'001u}) {
    Client& client = Connect();
    client.peer.Say(absl::StrCat("set k 0 0 100000\r\n", Bytes(sent)));
    Settle();
    client.peer.HangUp();
    Settle();
    EXPECT_EQ(worker_->clients(), 0u);
  }
  for (std::size_t i = 0; i < 3; ++i) EXPECT_THAT(LinesTo(i), IsEmpty());
}

TEST_F(ClosingTest, RequestsUnderWayEndOnTheRoutesThatTheyBeganOn) {
  auto old_route = std::make_unique<FakeRoute>("old");
  old_route->set_latency(10 * kMs);
  FakeRoute* const old = old_route.get();
  StartWith(std::move(old_route));
  Client& client = Connect();
  client.peer.Say("get a\r\nget b c\r\n");
  Settle();
  worker_->UseTree(std::make_shared<RouteTree>(std::make_unique<FakeRoute>("new")));
  client.peer.Say("get d\r\n");
  Settle();
  EXPECT_EQ(old->pending(), 3);
  Pass(20 * kMs);
  EXPECT_EQ(Heard(client), Found("a", "old") + "END\r\n" + Found("b", "old") + Found("c", "old") +
                               "END\r\n" + Found("d", "new") + "END\r\n");
  Pass(absl::Seconds(1));
}

TEST_F(ClosingTest, AWorkerMayEndWithEverythingUnderWay) {
  StartSlow();
  Client& client = Connect({.window_bytes = 1000});
  client.peer.set_reads(false);
  AskAll(client);
  client.peer.Say(absl::StrCat("get ", KeyOf(0), " ", KeyOf(1), "\r\n", Set(KeyOf(2), "x"),
                               "set k 0 0 100000\r\nbegun"));
  Settle();
  EXPECT_EQ(worker_->exchanges(), 5u);
  worker_.reset();
  EXPECT_EQ(reply_bytes_.load(), 0u);
}

}  // namespace
}  // namespace ringcache::router

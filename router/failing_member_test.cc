// What a client of the router hears while members fail, and what it never hears: what was said to
// another request.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/router_fixture.h"

namespace ringcache::router {
namespace {

using testing::ElementsAre;

class FailingMemberTest : public RouterFixture {
 protected:
  FailingMemberTest() { options_.miss_on_get_errors = false; }

  static constexpr char kRemoteError[] = "SERVER_ERROR remote error\r\n";
};

TEST_F(FailingMemberTest, AGetThatFailsIsAMissUnlessErrorsAreWanted) {
  for (const bool miss : {true, false}) {
    options_.miss_on_get_errors = miss;
    members_.clear();
    worker_.reset();
    Start(1);
    member(0).Die();
    Client& client = Connect();
    client.peer.Say(
        "get k\r\nmg k v\r\nmg k v q\r\nset k 0 0 1\r\nx\r\ndelete k noreply\r\nmn\r\n");
    Pass(kMs);
    const std::string error = "SERVER_ERROR connection error\r\n";
    EXPECT_EQ(Heard(client), (miss ? "END\r\nEN\r\n" : error + error + error) + error + "MN\r\n");
    client.peer.HangUp();
    Settle();
  }
}

TEST_F(FailingMemberTest, AReplyOfAnotherKeyIsNotBelievedNorIsAnythingBehindIt) {
  Start(1);
  Client& client = Connect();
  for (const std::string& reply : {
           Found("other", "x") + "END\r\n",                    // of another key
           Found("k", "x") + Found("k", "y") + "END\r\n",      // twice
           Found("k", "x") + Found("other", "y") + "END\r\n",  // and of another one
           Found("k2", "x") + "END\r\n",                       // which begins like it
           Found("other", Bytes(100'000)) + "END\r\n",         // longer than a receive buffer
           Found("other", Bytes(2'000'000)) + "END\r\n",       // told in parts
       }) {
    SCOPED_TRACE(reply.substr(0, 40));
    Store("k", "right");
    const std::size_t before = member(0).connections();
    member(0).AnswerNext(1, reply);
    EXPECT_EQ(Ask(client, "get k\r\nset k 0 0 1\r\nz\r\nmg k v\r\n"),
              absl::StrCat(kRemoteError, kRemoteError, kRemoteError));
    EXPECT_EQ(member(0).open_connections(), 0u);
    Pass(absl::Seconds(1));
    EXPECT_EQ(Ask(client, "get k\r\n"), Found("k", "z") + "END\r\n");
    EXPECT_EQ(member(0).connections(), before + 1);
  }
}

TEST_F(FailingMemberTest, AMetaReplyThatReturnsAnotherKeyIsNotBelieved) {
  Start(1);
  Client& client = Connect();
  Store("k", "right");
  for (const absl::string_view reply :
       {"VA 5 kother\r\nwrong\r\n", "HD kk2\r\n", "NF kother\r\n"}) {
    member(0).AnswerNext(1, reply);
    EXPECT_EQ(Ask(client, "mg k k v\r\nmg k k v\r\n"), absl::StrCat(kRemoteError, kRemoteError));
    Pass(absl::Seconds(1));
    EXPECT_EQ(Ask(client, "mg k k v\r\n"), "VA 5 kk\r\nright\r\n");
  }
}

TEST_F(FailingMemberTest, WhatIsToldOfAnotherKeyIsNotBelieved) {
  Start(1);
  Client& client = Connect();
  Store("k", "right");
  member(0).AnswerNext(1, "ME kk exp=-1 la=0 cas=1 fetch=no cls=1 size=60\r\n");
  EXPECT_EQ(Ask(client, "me k\r\n"), kRemoteError);
  Pass(absl::Seconds(1));
  EXPECT_TRUE(absl::StartsWith(Ask(client, "me k\r\n"), "ME k exp=-1 "));
}

// Keys with a routing prefix are asked for by routes.
TEST_F(FailingMemberTest, NorIsWhatARouteIsToldOfAnotherKey) {
  Start(1);
  Client& client = Connect();
  Store("k", "right");
  const std::vector<std::pair<std::string, std::string>> asked_and_said = {
      {"get /././k\r\n", Found("other", "wrong") + "END\r\n"},
      {"get /././k /././k\r\n", Found("other", "wrong") + "END\r\n"},
      {"get /././k\r\n", Found("k", "twice") + Found("k", "twice") + "END\r\n"},
      {"mg /././k v\r\n", "VA 5 kother\r\nwrong\r\n"},
      {"mg /././k v k\r\n", "VA 5\r\nwrong\r\n"},
      {"me /././k\r\n", "ME kk exp=-1 la=0 cas=1 fetch=no cls=1 size=60\r\n"},
  };
  for (const auto& [asked, said] : asked_and_said) {
    member(0).AnswerNext(1, said);
    EXPECT_EQ(Ask(client, asked), kRemoteError) << said;
    Pass(absl::Seconds(1));
    EXPECT_EQ(Ask(client, "get /././k\r\n"), Found("/././k", "right") + "END\r\n");
  }
}

TEST_F(FailingMemberTest, AKeyInBase64IsComparedAsItIsSpelled) {
  Start(1);
  Client& client = Connect();
  EXPECT_EQ(Ask(client, "ms a2V5 1 b k\r\nx\r\nmg a2V5 b k v\r\n"),
            "HD ka2V5 b\r\nVA 1 ka2V5 b\r\nx\r\n");
  member(0).AnswerNext(1, "VA 1 ka2V6 b\r\nx\r\n");
  EXPECT_EQ(Ask(client, "mg a2V5 b k v\r\n"), kRemoteError);
}

TEST_F(FailingMemberTest, WhatIsNoReplyEndsTheConnection) {
  Start(1);
  Client& client = Connect();
  member(0).AnswerNext(1, "HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_EQ(Ask(client, "get k\r\nget l\r\n"), absl::StrCat(kRemoteError, kRemoteError));
  Pass(absl::Seconds(1));
  EXPECT_EQ(Ask(client, "get k\r\n"), "END\r\n");
}

TEST_F(FailingMemberTest, AMemberThatIsLostInTheMidstOfAReplyFailsThatAndThoseBehindIt) {
  Start(1);
  Client& client = Connect();
  for (const std::size_t bytes : {10u, 5000u, 100'000u}) {
    const std::string value = Bytes(bytes);
    const std::string reply = Found("k", value) + "END\r\n";
    for (const std::size_t cut : {std::size_t{1}, std::size_t{15}, bytes, reply.size() - 1}) {
      SCOPED_TRACE(absl::StrCat(bytes, ", ", cut));
      Store("k", value);
      member(0).DropAfter(cut);
      EXPECT_EQ(Ask(client, "get k\r\nget k\r\nmn\r\n"),
                absl::StrCat(kRemoteError, kRemoteError, "MN\r\n"));
      client.peer.Say("get k\r\n");
      Settle();
      ExpectHeard(client, reply);
    }
  }
  EXPECT_EQ(reply_bytes_.load(), 0u);
}

TEST_F(FailingMemberTest, RepliesThatComeTooLateAreNobodyElses) {
  Start(1);
  Store("a", "of a");
  Store("b", "of b");
  Client& first = Connect();
  Client& second = Connect();
  member(0).set_latency(kTimeout + 50 * kMs);
  first.peer.Say("get a\r\nget a b\r\n");
  Pass(kTimeout);
  EXPECT_EQ(Heard(first), absl::StrCat("SERVER_ERROR timeout\r\n", kRemoteError));
  member(0).set_latency(absl::ZeroDuration());
  second.peer.Say("get b\r\nget b a\r\n");
  first.peer.Say("get b\r\n");
  Pass(49 * kMs);
  EXPECT_EQ(Heard(second), "");
  Pass(kMs);
  EXPECT_EQ(Heard(second),
            Found("b", "of b") + "END\r\n" + Found("b", "of b") + Found("a", "of a") + "END\r\n");
  EXPECT_EQ(Heard(first), Found("b", "of b") + "END\r\n");
  EXPECT_EQ(member(0).connections(), 1u);
}

TEST_F(FailingMemberTest, ASilentMemberCostsItsOwnKeysTheirTimeAndThenNothing) {
  Start();
  Store(KeyOf(1), "x");
  member(0).set_silent(true);
  Client& client = Connect();
  for (int i = 0; i < 3; ++i) {
    client.peer.Say(absl::StrCat("get ", KeyOf(0), "\r\n"));
    Pass(kTimeout);
    EXPECT_EQ(Heard(client), "SERVER_ERROR timeout\r\n");
  }
  EXPECT_EQ(Ask(client, absl::StrCat("get ", KeyOf(0), "\r\nget ", KeyOf(1), "\r\n")),
            "SERVER_ERROR unavailable\r\n" + Found(KeyOf(1), "x") + "END\r\n");
}

TEST_F(FailingMemberTest, AMemberWithTooManyRequestsWaitingIsBusy) {
  options_.cluster.member.connection.max_pending_calls = 3;
  Start(1);
  member(0).set_latency(kMs);
  Client& client = Connect();
  client.peer.Say("delete a\r\ndelete b\r\ndelete c\r\ndelete d\r\nget e f\r\nmn\r\n");
  Pass(kMs);
  EXPECT_EQ(Heard(client), absl::StrCat("NOT_FOUND\r\nNOT_FOUND\r\nNOT_FOUND\r\n",
                                        "SERVER_ERROR 307 busy\r\n", kRemoteError, "MN\r\n"));
  EXPECT_EQ(Ask(client, "delete d\r\n"), "");
  Pass(kMs);
  EXPECT_EQ(Heard(client), "NOT_FOUND\r\n");
}

class FailingOverTest : public FailingMemberTest {
 protected:
  void StartPair() {
    StartWith(R"({"pools": {"A": {"servers": ["10.0.0.1:11211"]},
                            "B": {"servers": ["10.0.0.2:11211"]}},
                  "route": {"type": "FailoverRoute",
                            "children": ["PoolRoute|A", "PoolRoute|B"]}})",
              2);
    Publish("A", {0});
    Publish("B", {1});
  }
};

TEST_F(FailingOverTest, TheRequestIsRepeatedAsItWasSent) {
  StartPair();
  Client& client = Connect();
  for (const std::size_t bytes : {0u, 1u, 4095u, 4096u, 4097u, 5000u, 100'000u}) {
    SCOPED_TRACE(bytes);
    const std::string value = Bytes(bytes);
    member(0).AnswerNext(1, "SERVER_ERROR out of memory\r\n");
    member(0).DropAfter(0);
    client.peer.Say(absl::StrCat("set before 0 0 1\r\nx\r\n", Set("k", value), "mn\r\n"));
    Pass(10 * kMs);
    EXPECT_EQ(Heard(client), "STORED\r\nSTORED\r\nMN\r\n");
    EXPECT_EQ(member(1).cache().Find("k", loop_.WallNow())->value, value);
    Pass(absl::Seconds(1));
  }
}

TEST_F(FailingOverTest, AReplyThatIsNotBelievedIsAskedForElsewhere) {
  StartPair();
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Set("k", "first")), "STORED\r\n");
  member(0).set_silent(true);
  client.peer.Say(Set("k", "second"));
  Pass(kTimeout);
  EXPECT_EQ(Heard(client), "STORED\r\n");
  member(0).set_silent(false);
  member(0).AnswerNext(1, Found("other", "wrong") + "END\r\n");
  client.peer.Say("get k\r\nget k l\r\n");
  Settle();
  EXPECT_EQ(Heard(client), Found("k", "second") + "END\r\n" + Found("k", "second") + "END\r\n");
  EXPECT_THAT(LinesTo(1), ElementsAre("set k 0 0 6", "get k", "get k", "get l"));
}

}  // namespace
}  // namespace ringcache::router

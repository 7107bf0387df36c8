// Copies of hot keys on the router's data path: which requests they answer, for how long, and what
// of all that is under way at the same time may make them wrong.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "metrics/hot_key_sketch.h"
#include "protocol/operation.h"
#include "protocol/request.h"
#include "protocol/request_parser.h"
#include "router/hot_keys/local_cache.h"
#include "router/hot_keys/worker_hot_keys.h"
#include "router/route/fake_route.h"
#include "router/route/route_tree.h"
#include "router/router_counters.h"
#include "router/router_fixture.h"

namespace ringcache::router {
namespace {

using testing::ElementsAre;

constexpr absl::Duration kTtl = absl::Milliseconds(500);

class HotKeyCopiesTest : public RouterFixture {
 protected:
  HotKeyCopiesTest() {
    options_.hot_key_cache.ttl = kTtl;
    // So that a get can overtake a write.
    options_.cluster.member.connections = 2;
  }

  // The keys of pool A's first member that the tests use: it has a value, and it is hot.
  void StartHot() {
    Start();
    hot_ = KeyOf(0);
    Store(hot_, "old");
    MakeHot(hot_);
  }
  // All keys are the route's, whose calls do not wait for each other.
  FakeRoute* StartHotRoute() {
    auto route = std::make_unique<FakeRoute>("route");
    FakeRoute* const told = route.get();
    StartWith(std::move(route));
    hot_ = "hot";
    MakeHot(hot_);
    (void)told->TakeRequests();
    return told;
  }
  // It is asked for often enough; copies that this leaves are too old.
  void MakeHot(const std::string& key) {
    std::string gets;
    for (int i = 0; i < 4000; ++i) absl::StrAppend(&gets, "get ", key, "\r\n");
    Client& client = Connect();
    (void)Ask(client, gets);
    client.peer.HangUp();
    Pass(WorkerHotKeys::kAdmitInterval);
    for (const auto& backend : members_) backend->ForgetSeen();
  }
  // As another router does it.
  void Elsewhere(const std::string& line, absl::string_view value = "") {
    protocol::Request request;
    const std::string text = line + "\r\n";
    ASSERT_EQ(protocol::ParseRequest(text, &request).status, protocol::ParseStatus::kOk) << line;
    (void)member(0).cache().Execute(request, value, loop_.WallNow());
  }
  std::string Get(Client& client) { return Ask(client, absl::StrCat("get ", hot_, "\r\n")); }
  std::string Hit(absl::string_view value) const { return Found(hot_, value) + "END\r\n"; }
  std::uint64_t answered_here() const {
    return worker_->counters()[RouterCounter::kHotKeyHits].value();
  }

  std::string hot_;
};

TEST_F(HotKeyCopiesTest, GetsOfAHotKeyAreAnsweredWithoutItsMember) {
  StartHot();
  Client& client = Connect();
  EXPECT_EQ(Get(client), Hit("old"));
  EXPECT_EQ(Get(client), Hit("old"));
  EXPECT_EQ(Get(Connect()), Hit("old"));
  EXPECT_THAT(LinesTo(0), ElementsAre("get " + hot_));
  EXPECT_EQ(answered_here(), 2u);
}

TEST_F(HotKeyCopiesTest, NothingIsKeptUnlessAskedFor) {
  options_.hot_key_cache.ttl = absl::ZeroDuration();
  StartHot();
  Client& client = Connect();
  EXPECT_EQ(Get(client), Hit("old"));
  EXPECT_EQ(Get(client), Hit("old"));
  EXPECT_EQ(LinesTo(0).size(), 2u);
}

TEST_F(HotKeyCopiesTest, WhatOthersWriteIsSeenWhenTheTimeIsOver) {
  StartHot();
  member(0).SetLatencyOf(protocol::Operation::kGet, kTimeout / 2);
  Client& client = Connect();
  (void)Get(client);
  Pass(kTimeout / 2);
  EXPECT_EQ(Heard(client), Hit("old"));
  Elsewhere(absl::StrCat("set ", hot_, " 0 0 3"), "new");
  // The time runs since the get was sent.
  Pass(kTtl - kTimeout / 2 - absl::Nanoseconds(1));
  EXPECT_EQ(Get(client), Hit("old"));
  Pass(absl::Nanoseconds(1));
  EXPECT_EQ(Get(client), "");
  Pass(kTimeout / 2);
  EXPECT_EQ(Heard(client), Hit("new"));
}

TEST_F(HotKeyCopiesTest, OtherRetrievalsAskTheMember) {
  StartHot();
  Client& client = Connect();
  (void)Get(client);
  for (const std::string& line : {"gets " + hot_, "mg " + hot_ + " v", "me " + hot_}) {
    member(0).ForgetSeen();
    (void)Ask(client, line + "\r\n");
    EXPECT_THAT(LinesTo(0), ElementsAre(line));
  }
  EXPECT_EQ(answered_here(), 0u);
  EXPECT_EQ(Get(client), Hit("old"));
  EXPECT_EQ(answered_here(), 1u);
}

TEST_F(HotKeyCopiesTest, AMissIsNotKept) {
  StartHot();
  Elsewhere("delete " + hot_);
  Client& client = Connect();
  EXPECT_EQ(Get(client), "END\r\n");
  EXPECT_EQ(Get(client), "END\r\n");
  EXPECT_EQ(answered_here(), 0u);
}

TEST_F(HotKeyCopiesTest, AnErrorIsNotKept) {
  options_.miss_on_get_errors = false;
  StartHot();
  Client& client = Connect();
  member(0).AnswerNext(1, "SERVER_ERROR busy\r\n");
  EXPECT_EQ(Get(client), "SERVER_ERROR busy\r\n");
  EXPECT_EQ(Get(client), Hit("old"));
}

TEST_F(HotKeyCopiesTest, EveryChangeDropsTheCopyAtOnce) {
  StartHot();
  Client& client = Connect();
  const std::string& k = hot_;
  for (const std::string& change : {
           "set " + k + " 0 0 1\r\nx\r\n",
           "set " + k + " 0 0 1 noreply\r\nx\r\n",
           "add " + k + " 0 0 1\r\nx\r\n",
           "replace " + k + " 0 0 1\r\nx\r\n",
           "append " + k + " 0 0 1\r\nx\r\n",
           "prepend " + k + " 0 0 1 noreply\r\nx\r\n",
           "cas " + k + " 0 0 1 9\r\nx\r\n",
           "delete " + k + "\r\n",
           "delete " + k + " noreply\r\n",
           "incr " + k + " 1\r\n",
           "decr " + k + " 1 noreply\r\n",
           "touch " + k + " -1\r\n",
           "gat -1 " + k + "\r\n",
           "gats -1 other " + k + "\r\n",
           "ms " + k + " 1\r\nx\r\n",
           "ms " + k + " 1 q\r\nx\r\n",
           "md " + k + " q\r\n",
           "ma " + k + "\r\n",
           "mg " + k + " T-1\r\n",
           "md " + absl::Base64Escape(k) + " b\r\n",
           "set " + k + " 0 0 5000\r\n" + Bytes(5000) + "\r\n",
       }) {
    SCOPED_TRACE(change.substr(0, 40));
    Elsewhere("set " + k + " 0 0 1", "5");
    EXPECT_EQ(Get(client), Hit("5"));
    const std::uint64_t before = answered_here();
    EXPECT_EQ(Get(client), Hit("5"));
    EXPECT_EQ(answered_here(), before + 1);
    (void)Ask(client, change);
    (void)Get(client);
    EXPECT_EQ(answered_here(), before + 1);
    // For the next one.
    (void)Ask(client, "delete " + k + " noreply\r\n");
  }
}

TEST_F(HotKeyCopiesTest, AValueThatIsNotHeldWholeDropsTheCopy) {
  options_.max_held_value_bytes = 10'000;
  StartHot();
  Client& client = Connect();
  (void)Get(client);
  const std::string value = Bytes(20'000);
  client.peer.Say(absl::StrCat("set ", hot_, " 0 0 20000\r\n", value.substr(0, 500)));
  Settle();
  Client& other = Connect();
  // It is dropped when the change is read, and what is kept meanwhile when it is made.
  EXPECT_EQ(Get(other), Hit("old"));
  EXPECT_EQ(answered_here(), 0u);
  EXPECT_EQ(Get(other), Hit("old"));
  EXPECT_EQ(answered_here(), 1u);
  EXPECT_EQ(Ask(client, value.substr(500) + "\r\n"), "STORED\r\n");
  const std::string hit = Hit(value);
  EXPECT_TRUE(Get(other) == hit);
  EXPECT_EQ(answered_here(), 1u);
}

TEST_F(HotKeyCopiesTest, AGetThatWasSentBeforeAChangeDoesNotPutItsValueInAfterIt) {
  for (const absl::string_view suffix : {"", " noreply"}) {
    SCOPED_TRACE(suffix);
    FakeRoute* const route = StartHotRoute();
    route->set_answer([](const std::string& request) {
      return absl::StartsWith(request, "get") ? "VALUE 0 old" : "DELETED";
    });
    Client& reader = Connect();
    Client& writer = Connect();
    route->set_latency(50 * kMs);
    (void)Get(reader);
    route->set_latency(kMs);
    (void)Ask(writer, absl::StrCat("delete ", hot_, suffix, "\r\n"));
    Pass(2 * kMs);
    EXPECT_EQ(Heard(writer), suffix.empty() ? "DELETED\r\n" : "");
    Pass(50 * kMs);
    EXPECT_EQ(Heard(reader), Hit("old"));
    route->Says("END");
    (void)Get(reader);
    Pass(kMs);
    EXPECT_EQ(Heard(reader), "END\r\n");
    EXPECT_EQ(answered_here(), 0u);
    TearDown();
  }
}

TEST_F(HotKeyCopiesTest, AGetThatOvertakesAChangeIsNotKeptAfterIt) {
  FakeRoute* const route = StartHotRoute();
  Client& reader = Connect();
  Client& writer = Connect();
  route->Says("DELETED");
  route->set_latency(20 * kMs);
  (void)Ask(writer, absl::StrCat("delete ", hot_, "\r\n"));
  // One reply comes before the change is made, one after it.
  route->Says("VALUE 0 old");
  (void)Get(reader);
  route->set_latency(kMs);
  (void)Get(reader);
  Pass(10 * kMs);
  EXPECT_EQ(worker_->exchanges(), 3u);
  Pass(10 * kMs);
  EXPECT_EQ(Heard(writer), "DELETED\r\n");
  EXPECT_EQ(Heard(reader), Hit("old") + Hit("old"));
  route->Says("END");
  (void)Get(reader);
  Pass(kMs);
  EXPECT_EQ(Heard(reader), "END\r\n");
}

// The same where members are asked without a call.
TEST_F(HotKeyCopiesTest, AMembersReplyFromBeforeAChangeIsNotKept) {
  StartHot();
  Client& reader = Connect();
  Client& writer = Connect();
  member(0).SetLatencyOf(protocol::Operation::kGet, 20 * kMs);
  (void)Get(reader);
  EXPECT_EQ(Ask(writer, absl::StrCat("delete ", hot_, "\r\n")), "DELETED\r\n");
  Pass(20 * kMs);
  EXPECT_EQ(Heard(reader), Hit("old"));
  (void)Get(reader);
  Pass(20 * kMs);
  EXPECT_EQ(Heard(reader), "END\r\n");
}

TEST_F(HotKeyCopiesTest, AMembersReplyFromDuringAChangeIsNotKeptAfterIt) {
  StartHot();
  Client& reader = Connect();
  Client& writer = Connect();
  member(0).SetLatencyOf(protocol::Operation::kDelete, 20 * kMs);
  (void)Ask(writer, absl::StrCat("delete ", hot_, "\r\n"));
  // As if it had not been carried out yet.
  Elsewhere(absl::StrCat("set ", hot_, " 0 0 3"), "old");
  EXPECT_EQ(Get(reader), Hit("old"));
  EXPECT_EQ(Get(reader), Hit("old"));
  EXPECT_EQ(answered_here(), 1u);
  Elsewhere("delete " + hot_);
  Pass(20 * kMs);
  EXPECT_EQ(Heard(writer), "DELETED\r\n");
  EXPECT_EQ(Get(reader), "END\r\n");
}

TEST_F(HotKeyCopiesTest, ATimeToLiveOfSeveralKeysIsAChangeOfEach) {
  StartHot();
  Client& reader = Connect();
  member(0).SetLatencyOf(protocol::Operation::kGat, 20 * kMs);
  (void)Ask(Connect(), absl::StrCat("gat -1 none ", hot_, "\r\n"));
  Elsewhere(absl::StrCat("set ", hot_, " 0 0 3"), "old");
  EXPECT_EQ(Get(reader), Hit("old"));
  Elsewhere("delete " + hot_);
  Pass(20 * kMs);
  EXPECT_EQ(Get(reader), "END\r\n");
}

TEST_F(HotKeyCopiesTest, AChangeThatFailsEndsToo) {
  StartHot();
  Client& reader = Connect();
  Client& writer = Connect();
  member(0).SetLatencyOf(protocol::Operation::kDelete, 2 * kTimeout);
  (void)Ask(writer, absl::StrCat("delete ", hot_, "\r\n"));
  Elsewhere(absl::StrCat("set ", hot_, " 0 0 3"), "old");
  EXPECT_EQ(Get(reader), Hit("old"));
  Elsewhere("delete " + hot_);
  Pass(kTimeout);
  EXPECT_EQ(Heard(writer), "SERVER_ERROR timeout\r\n");
  // The member may be busy with the change, but it is asked.
  (void)Get(reader);
  (void)Get(reader);
  EXPECT_EQ(answered_here(), 0u);
}

TEST_F(HotKeyCopiesTest, AChangeUnderAPrefixDropsTheCopy) {
  StartWith(absl::StrCat(R"({"pools": {"A": )", PoolJson(1), R"(}, "routes": [
                {"aliases": ["/././", "/a/b/"], "route": "PoolRoute|A"}]})"),
            1);
  hot_ = "hot";
  Store(hot_, "old");
  MakeHot(hot_);
  Client& client = Connect();
  (void)Get(client);
  EXPECT_EQ(Get(client), Hit("old"));
  EXPECT_EQ(answered_here(), 1u);
  EXPECT_EQ(Ask(client, "delete /a/b/hot\r\n"), "DELETED\r\n");
  EXPECT_EQ(Get(client), "END\r\n");
  // A key under a prefix may be another pool's.
  EXPECT_EQ(Ask(client, "get /a/b/hot\r\n"), "END\r\n");
  EXPECT_EQ(answered_here(), 1u);
}

TEST_F(HotKeyCopiesTest, KeysAmongOthersAreAnsweredAndKept) {
  StartHot();
  Client& client = Connect();
  const std::string other = KeyOf(1);
  Store(other, "other");
  const std::string line = absl::StrCat("get ", other, " ", hot_, " none\r\n");
  const std::string reply = absl::StrCat(Found(other, "other"), Found(hot_, "old"), "END\r\n");
  EXPECT_EQ(Ask(client, line), reply);
  member(0).ForgetSeen();
  EXPECT_EQ(Ask(client, line), reply);
  EXPECT_EQ(Get(client), Hit("old"));
  EXPECT_EQ(answered_here(), 2u);
  for (const std::string& seen : LinesTo(0)) EXPECT_THAT(seen, Not(testing::HasSubstr(hot_)));
  EXPECT_EQ(Ask(client, absl::StrCat("get ", hot_, " ", hot_, "\r\n")),
            absl::StrCat(Found(hot_, "old"), Found(hot_, "old"), "END\r\n"));
}

TEST_F(HotKeyCopiesTest, KeysAmongOthersThatWereSentBeforeAChangeAreNotKept) {
  StartHot();
  Client& reader = Connect();
  member(0).SetLatencyOf(protocol::Operation::kGet, 20 * kMs);
  (void)Ask(reader, absl::StrCat("get none ", hot_, "\r\n"));
  EXPECT_EQ(Ask(Connect(), absl::StrCat("delete ", hot_, "\r\n")), "DELETED\r\n");
  Pass(20 * kMs);
  EXPECT_EQ(Heard(reader), Hit("old"));
  (void)Get(reader);
  Pass(20 * kMs);
  EXPECT_EQ(Heard(reader), "END\r\n");
}

TEST_F(HotKeyCopiesTest, ACopyThatIsDroppedWhileItWaitsIsSentAllTheSame) {
  StartHot();
  Client& client = Connect();
  for (const std::size_t bytes : {10u, 60'000u}) {
    SCOPED_TRACE(bytes);
    const std::string value = Bytes(bytes);
    Elsewhere(absl::StrCat("set ", hot_, " 0 0 ", bytes), value);
    (void)Get(client);
    const std::uint64_t before = answered_here();
    member(1).set_latency(20 * kMs);
    client.peer.Say(absl::StrCat("get ", KeyOf(1), "\r\nget ", hot_, "\r\nget ", hot_,
                                 " none\r\ndelete ", hot_, " noreply\r\n"));
    Settle();
    EXPECT_EQ(answered_here(), before + 2);
    EXPECT_GE(reply_bytes_.load(), 2 * bytes) << "a reply that waits is not counted";
    Pass(20 * kMs);
    ExpectHeard(client, absl::StrCat("END\r\n", Hit(value), Hit(value)));
  }
}

TEST_F(HotKeyCopiesTest, LongRepliesAreNotKept) {
  StartHot();
  Client& client = Connect();
  for (const std::size_t bytes : {LocalCache::kMaxReplyBytes, std::size_t{2'000'000}}) {
    Elsewhere(absl::StrCat("set ", hot_, " 0 0 ", bytes), Bytes(bytes));
    for (int i = 0; i < 2; ++i) {
      client.peer.Say(absl::StrCat("get ", hot_, "\r\n"));
      Settle();
      ExpectHeard(client, Hit(Bytes(bytes)));
    }
  }
  EXPECT_EQ(answered_here(), 0u);
}

TEST_F(HotKeyCopiesTest, NewRoutesHaveNoCopies) {
  (void)StartHotRoute();
  Client& client = Connect();
  (void)Get(client);
  EXPECT_EQ(Get(client), Hit("route"));
  worker_->UseTree(std::make_shared<RouteTree>(std::make_unique<FakeRoute>("new")));
  EXPECT_EQ(Get(client), Hit("new"));
}

TEST_F(HotKeyCopiesTest, AFlushDropsAllWhenItBeginsAndWhenItEnds) {
  options_.enable_flush = true;
  StartHot();
  Client& client = Connect();
  (void)Get(client);
  EXPECT_EQ(Ask(client, "flush_all\r\n"), "OK\r\n");
  EXPECT_EQ(Get(client), "END\r\n");
  // A member is slow; what another had meanwhile is as if it had not been asked yet.
  member(1).SetLatencyOf(protocol::Operation::kFlushAll, 20 * kMs);
  (void)Ask(client, "flush_all\r\n");
  Elsewhere(absl::StrCat("set ", hot_, " 0 0 3"), "old");
  Client& reader = Connect();
  EXPECT_EQ(Get(reader), Hit("old"));
  EXPECT_EQ(Get(reader), Hit("old"));
  EXPECT_EQ(answered_here(), 1u);
  Elsewhere("delete " + hot_);
  Pass(20 * kMs);
  EXPECT_EQ(Heard(client), "OK\r\n");
  EXPECT_EQ(Get(reader), "END\r\n");
}

TEST_F(HotKeyCopiesTest, AnAnswerFromACopyIsAHit) {
  StartHot();
  Client& client = Connect();
  (void)Get(client);
  const std::uint64_t before = worker_->counters()[RouterCounter::kHits].value();
  (void)Get(client);
  (void)Ask(client, absl::StrCat("get ", hot_, " ", hot_, "\r\n"));
  EXPECT_EQ(answered_here(), 3u);
  EXPECT_EQ(worker_->counters()[RouterCounter::kHits].value(), before + 3);
}

TEST_F(HotKeyCopiesTest, AKeyThatIsHotNoMoreIsAskedFor) {
  StartHot();
  Pass(absl::Minutes(2));
  Client& client = Connect();
  (void)Get(client);
  (void)Get(client);
  EXPECT_EQ(answered_here(), 0u);
}

TEST_F(HotKeyCopiesTest, EachKeyOfEachRequestIsCounted) {
  Start();
  Client& client = Connect();
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    absl::StrAppend(&text, "get one a b\r\nmg one\r\nset two 0 0 1\r\nx\r\ndelete two\r\n");
  }
  (void)Ask(client, text);
  const metrics::HotKeyRates rates = worker_->hot_keys().Rates(loop_.MonotonicNow());
  ASSERT_EQ(rates.reads.keys.size(), 3u);
  EXPECT_EQ(rates.reads.keys[0].key, "one");
  // Of 4000, give or take 15 standard deviations of sampling at most.
  EXPECT_NEAR(static_cast<double>(rates.reads.requests), 4e6, 2e6);
  ASSERT_EQ(rates.writes.keys.size(), 1u);
  EXPECT_EQ(rates.writes.keys[0].key, "two");
  EXPECT_NEAR(static_cast<double>(rates.writes.requests), 2e6, 1e6);
}

}  // namespace
}  // namespace ringcache::router

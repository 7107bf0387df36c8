// Members that are slow, stuck or far away: who waits for them, for how long, and that everybody
// hears what was said to them, in the order of their requests.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/scenarios/scenario_fixture.h"

namespace ringcache::router {
namespace {

using testing::AnyOf;
using testing::IsEmpty;

constexpr char kStored[] = "STORED\r\n";
constexpr char kTimedOut[] = "SERVER_ERROR timeout\r\n";
constexpr char kDown[] = "SERVER_ERROR unavailable\r\n";

class SlowScenarios : public ScenarioFixture {
 protected:
  // Three members, with a key of each whose value is the key.
  void ServeThree() {
    Serve(Config({{"A", List({0, 1, 2})}}, R"("PoolRoute|A")"));
    for (const std::size_t server : {0, 1, 2}) {
      keys_.push_back(KeyOf(server));
      Store(keys_.back(), keys_.back());
    }
    ForgetLines();
  }
  std::string GetOf(std::size_t server) { return Get(keys_[server]); }
  std::string HitOf(std::size_t server) { return Hit(keys_[server], keys_[server]); }

  std::vector<std::string> keys_;
};

TEST_F(SlowScenarios, RepliesOfFastMembersWaitForThoseOfSlowOnesButTheirRequestsDoNot) {
  ServeThree();
  member(0).set_latency(30 * kMs);
  member(1).set_latency(10 * kMs);
  Client& client = Connect();
  EXPECT_EQ(Ask(client, GetOf(0) + GetOf(1) + GetOf(2) + GetOf(1)), "");
  for (const std::size_t server : {0, 1, 2}) EXPECT_THAT(LinesTo(server), testing::Not(IsEmpty()));
  Pass(29 * kMs);
  EXPECT_EQ(Heard(client), "");
  Pass(kMs);
  EXPECT_EQ(Heard(client), HitOf(0) + HitOf(1) + HitOf(2) + HitOf(1));
}

TEST_F(SlowScenarios, WhatIsAnsweredFirstLeavesBeforeWhatIsStillAwaited) {
  ServeThree();
  member(1).set_latency(20 * kMs);
  Client& client = Connect();
  EXPECT_EQ(Ask(client, GetOf(0) + GetOf(1) + GetOf(2)), HitOf(0));
  Pass(20 * kMs);
  EXPECT_EQ(Heard(client), HitOf(1) + HitOf(2));
}

TEST_F(SlowScenarios, ARetrievalOfManyKeysTakesAsLongAsItsSlowestMemberAndKeepsTheClientsOrder) {
  ServeThree();
  for (const std::size_t server : {0, 1, 2}) member(server).set_latency((3 - server) * 10 * kMs);
  Client& client = Connect();
  const auto found = [this](std::size_t server) { return Found(keys_[server], keys_[server]); };
  EXPECT_EQ(
      Await(client, absl::StrCat("get ", keys_[2], " ", keys_[0], " none ", keys_[1], "\r\n")),
      (Told{absl::StrCat(found(2), found(0), found(1), kMiss), 30 * kMs}));
}

TEST_F(SlowScenarios, ARetrievalOfManyKeysGivesWhatItHasWhenAMemberIsStuck) {
  options_.miss_on_get_errors = true;
  ServeThree();
  member(1).StopReading();
  Client& client = Connect();
  const std::string all = absl::StrCat("get ", keys_[0], " ", keys_[1], " ", keys_[2], "\r\n");
  const std::string some = Found(keys_[0], keys_[0]) + Hit(keys_[2], keys_[2]);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Await(client, all), (Told{some, kTimeout}));
  EXPECT_EQ(Await(client, all), (Told{some, absl::ZeroDuration()})) << "it is marked down";
}

TEST_F(SlowScenarios, AStuckMemberDelaysOnlyThoseWhoAskIt) {
  ServeThree();
  member(0).StopReading();
  Client& waiting = Connect();
  Client& other = Connect();
  waiting.peer.Say(GetOf(0) + GetOf(1));
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(Await(other, GetOf(1) + GetOf(2)), (Told{HitOf(1) + HitOf(2), absl::ZeroDuration()}));
    Pass(10 * kMs);
  }
  EXPECT_EQ(Heard(waiting), "");
  Pass(10 * kMs);
  EXPECT_EQ(Heard(waiting), kTimedOut + HitOf(1));
}

TEST_F(SlowScenarios, ManyClientsOfOneSlowMemberShareAConnectionAndEachHearsItsOwn) {
  ServeThree();
  member(0).set_latency(20 * kMs);
  std::vector<Client*> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(&Connect());
    clients.back()->peer.Say(Set(KeyOf(0, i), absl::StrCat("value", i)) + Get(KeyOf(0, i)));
  }
  Pass(20 * kMs);
  for (int i = 0; i < 50; ++i) {
    const std::size_t index = static_cast<std::size_t>(i);
    EXPECT_EQ(Heard(*clients[index]), kStored + Hit(KeyOf(0, i), absl::StrCat("value", i)));
  }
  EXPECT_EQ(member(0).connections(), 1u);
}

TEST_F(SlowScenarios, WhileLatencyJumpsAroundTheTimeoutNobodyHearsWhatWasSaidToAnother) {
  ServeThree();
  Client& first = Connect();
  Client& second = Connect();
  int hits = 0;
  for (int i = 0; i < 500; ++i) {
    member(0).set_latency(kMs * (i * 37 % 130));
    const std::string key = KeyOf(0, i % 7);
    first.peer.Say(Set(key, key));
    second.peer.Say(Get(key));
    Pass(kTimeout + kMs);
    EXPECT_THAT(Heard(first), AnyOf(std::string(kStored), kTimedOut, kDown));
    const std::string heard = Heard(second);
    EXPECT_THAT(heard, AnyOf(Hit(key, key), std::string(kMiss), kTimedOut, kDown));
    hits += heard == Hit(key, key) ? 1 : 0;
  }
  EXPECT_GT(hits, 100);
}

TEST_F(SlowScenarios, AMemberThatTakesNothingHoldsBackWhoWritesToItAndNobodyElse) {
  network_.SetLink(AddressOf(0), {.window_bytes = 4096});
  options_.cluster.member.connection.max_queued_bytes = 64 * 1024;
  ServeThree();
  member(0).StopReading();
  Client& writer = Connect();
  Client& other = Connect();
  const std::string value = Bytes(10'000);
  std::string sets;
  for (int i = 0; i < 20; ++i) sets += Set(KeyOf(0, i), value);
  const std::string heard = Await(writer, sets).reply;
  EXPECT_TRUE(absl::StrContains(heard, "SERVER_ERROR 307 busy\r\n")) << "past the queue's limit";
  EXPECT_FALSE(absl::StrContains(heard, kStored));
  EXPECT_EQ(Await(other, GetOf(1)), (Told{HitOf(1), absl::ZeroDuration()}));
  member(0).ResumeReading();
  Pass(absl::Seconds(2));
  EXPECT_EQ(Await(writer, Set(KeyOf(0), value)).reply, kStored);
  EXPECT_EQ(ValueAt(0, KeyOf(0)), value);
}

TEST_F(SlowScenarios, AFloodWithoutRepliesIsNotReadFasterThanItsMemberAnswers) {
  options_.max_client_outstanding = 100;
  ServeThree();
  member(0).set_latency(10 * kMs);
  Client& flooding = Connect();
  const std::string line = absl::StrCat("set ", keys_[0], " 0 0 1 noreply\r\nx\r\n");
  std::string flood;
  for (int i = 0; i < 1000; ++i) flood += line;
  flooding.peer.Say(flood);
  Settle();
  EXPECT_EQ(member(0).seen().size(), 100u);
  Pass(10 * kMs);
  EXPECT_EQ(member(0).seen().size(), 200u);
  EXPECT_EQ(Await(flooding, GetOf(0)), (Told{Hit(keys_[0], "x"), 100 * kMs}));
  EXPECT_EQ(member(0).seen().size(), 1001u);
}

TEST_F(SlowScenarios, AClientThatLeavesTakesItsRequestsAlongAndNobodyElses) {
  ServeThree();
  member(0).set_latency(50 * kMs);
  Client& leaving = Connect();
  Client& staying = Connect();
  leaving.peer.Say(Set(keys_[0], "changed") + GetOf(0));
  staying.peer.Say(GetOf(0) + GetOf(1));
  Pass(10 * kMs);
  leaving.peer.HangUp();
  Pass(40 * kMs);
  EXPECT_EQ(Heard(staying), Hit(keys_[0], "changed") + HitOf(1));
  EXPECT_EQ(worker_->clients(), 1u);
  EXPECT_EQ(worker_->exchanges(), 0u);
}

TEST_F(SlowScenarios, OverALongThinWireEverythingArrivesWholeAndInOrder) {
  for (const std::size_t server : {0, 1, 2}) {
    network_.SetLink(AddressOf(server), {.delay_there = (1 + server) * 5 * kMs,
                                         .delay_back = 3 * kMs,
                                         .fragment_bytes = 7 + server,
                                         .window_bytes = 2000});
  }
  options_.cluster.timeout = absl::Minutes(1);
  Serve(Config({{"A", List({0, 1, 2})}}, R"("PoolRoute|A")"));
  Client& client = Connect({.delay_there = kMs, .delay_back = 2 * kMs, .fragment_bytes = 11});
  std::string asked, expected;
  for (std::size_t i = 0; i < 30; ++i) {
    const std::string key = absl::StrCat("key", i), value = Bytes(i * 300, 1);
    asked += Set(key, value) + Get(key);
    expected += kStored + Hit(key, value);
  }
  client.peer.Say(asked);
  loop_.RunUntil([&] { return client.peer.received().size() >= expected.size(); },
                 absl::Minutes(1));
  ExpectHeard(client, expected);
}

}  // namespace
}  // namespace ringcache::router

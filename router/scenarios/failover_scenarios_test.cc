// Who answers in place of a member that does not, for how long, and what must not be done twice.

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/scenarios/scenario_fixture.h"

namespace ringcache::router {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kRefused[] = "SERVER_ERROR connection error\r\n";
constexpr char kDown[] = "SERVER_ERROR unavailable\r\n";
constexpr char kStored[] = "STORED\r\n";

class FailoverScenarios : public ScenarioFixture {
 protected:
  // Pool "A" of three servers, and three pools of one server each.
  static std::string Cascade(absl::string_view route) {
    return Config(
        {{"A", List({0, 1, 2})}, {"first", List({3})}, {"second", List({4})}, {"third", List({5})}},
        route);
  }
};

TEST_F(FailoverScenarios, AGutterServesWhileAMemberIsDownAndIsLeftWhenItIsBack) {
  Serve(Cascade(R"({"type": "FailoverWithExptimeRoute", "normal": "PoolRoute|A",
                    "failover": "PoolRoute|first", "failover_exptime": 60})"));
  Client& client = Connect();
  const std::string key = KeyOf(1);
  Store(key, "normal");
  member(1).Die();
  EXPECT_EQ(Ask(client, Get(key)), kMiss);
  EXPECT_EQ(Ask(client, Set(key, "brief")), kStored);
  Pass(absl::Seconds(59));
  EXPECT_EQ(Ask(client, Get(key)), Hit(key, "brief"));
  Pass(absl::Seconds(2));
  EXPECT_EQ(Ask(client, Get(key)), kMiss) << "the gutter keeps nothing for long";

  member(1).ComeBack();
  Pass(kSecond);
  ForgetLines();
  EXPECT_EQ(Ask(client, Set(key, "again") + Get(key)), kStored + Hit(key, "again"));
  EXPECT_THAT(LinesTo(3), IsEmpty());
}

TEST_F(FailoverScenarios, AMetaSetThatTheGutterTakesReturnsItsFlagsInTheirOrder) {
  Serve(Cascade(R"({"type": "FailoverWithExptimeRoute", "normal": "PoolRoute|A",
                    "failover": "PoolRoute|first", "failover_exptime": 60})"));
  Client& client = Connect();
  const std::string key = KeyOf(1);
  const std::string set = absl::StrCat("ms ", key, " 1 k Oo\r\nx\r\n");
  EXPECT_EQ(Ask(client, set), absl::StrCat("HD k", key, " Oo\r\n"));
  member(1).Die();
  EXPECT_EQ(Ask(client, set), absl::StrCat("HD k", key, " Oo\r\n"));
}

TEST_F(FailoverScenarios, OnlyTheKeysOfADeadMemberGoToTheGutter) {
  Serve(Cascade(R"({"type": "FailoverRoute", "children": ["PoolRoute|A", "PoolRoute|first"]})"));
  member(2).Die();
  Client& client = Connect();
  for (const std::string& key : Keys(60)) EXPECT_EQ(Ask(client, Set(key, key)), kStored);
  for (const auto& [key, owner] : Owners(Keys(60))) {
    EXPECT_EQ(ValueAt(owner == 2 ? 3 : owner, key), key);
  }
  EXPECT_EQ(member(3).cache().size(), 60 - member(0).cache().size() - member(1).cache().size());
}

TEST_F(FailoverScenarios, ACascadeIsAskedInItsOrderUntilSomebodyAnswers) {
  Serve(Cascade(R"({"type": "FailoverRoute",
                    "children": ["PoolRoute|first", "PoolRoute|second", "PoolRoute|third"]})"));
  Client& client = Connect();
  for (const std::size_t dying : {3, 4}) {
    member(dying).Die();
    EXPECT_EQ(Ask(client, Set("k", "x")), kStored);
    EXPECT_EQ(ValueAt(dying + 1, "k"), "x");
  }
  member(5).Die();
  EXPECT_EQ(Ask(client, Get("k")), kRefused);
  EXPECT_EQ(Ask(client, Get("k")), kDown);
  // Whoever comes back is asked in its place of the order.
  for (const std::size_t back : {5, 4, 3}) {
    member(back).ComeBack();
    Pass(kSecond);
    EXPECT_EQ(Ask(client, Set("k", "y")), kStored);
    EXPECT_EQ(ValueAt(back, "k"), "y");
  }
}

TEST_F(FailoverScenarios, ASilentMemberCostsAFailoverItsTimeoutUntilItIsMarkedDown) {
  Serve(
      Cascade(R"({"type": "FailoverRoute", "children": ["PoolRoute|first", "PoolRoute|second"]})"));
  member(3).StopReading();
  Client& client = Connect();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Await(client, Get("k")), (Told{kMiss, kTimeout}));
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(Await(client, Get("k")), (Told{kMiss, absl::ZeroDuration()}));
}

TEST_F(FailoverScenarios, WhichErrorsFailOverIsWhatTheConfigurationSays) {
  Serve(Cascade(R"({"type": "FailoverRoute", "children": ["PoolRoute|first", "PoolRoute|second"],
                    "failover_errors": {"gets": ["tko"], "updates": ["tko", "timeout"],
                                        "deletes": []}})"));
  member(3).StopReading();
  Client& client = Connect();
  EXPECT_EQ(Await(client, Get("k")).reply, "SERVER_ERROR timeout\r\n");
  EXPECT_EQ(Await(client, Set("k", "x")).reply, kStored);
  EXPECT_EQ(Await(client, Delete("k")).reply, "SERVER_ERROR timeout\r\n");
  // It is marked down now.
  EXPECT_EQ(Await(client, Get("k")).reply, Hit("k", "x"));
  EXPECT_EQ(Await(client, Delete("k")).reply, kDown);
  EXPECT_THAT(LinesTo(4), ElementsAre("set k 0 0 1", "get k"));
}

TEST_F(FailoverScenarios, SoManyRequestsASecondFailOverAndNoMore) {
  Serve(Cascade(R"({"type": "FailoverRoute", "children": ["PoolRoute|first", "PoolRoute|second"],
                    "failover_limit": {"rate": 2, "burst": 4}})"));
  member(3).Die();
  Client& client = Connect();
  Ask(client, Get("k"));
  Pass(absl::Seconds(10));
  ForgetLines();
  std::string asked;
  for (int i = 0; i < 10; ++i) asked += Get("k");
  EXPECT_EQ(Ask(client, asked),
            absl::StrCat(kMiss, kMiss, kMiss, kMiss, kDown, kDown, kDown, kDown, kDown, kDown));
  Pass(kSecond);
  EXPECT_EQ(Ask(client, Get("k") + Get("k") + Get("k")), absl::StrCat(kMiss, kMiss, kDown));
  EXPECT_EQ(Count(4, "get k"), 6u);
}

TEST_F(FailoverScenarios, AMissGoesOnToColderPoolsAndAChangeDoesNot) {
  Serve(Cascade(R"({"type": "MissFailoverRoute",
                    "children": ["PoolRoute|first", "PoolRoute|second", "PoolRoute|third"]})"));
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Set("k", "hot")), kStored);
  EXPECT_EQ(Ask(client, Get("k")), Hit("k", "hot"));
  EXPECT_THAT(LinesTo(4), IsEmpty());
  EXPECT_EQ(Ask(client, Delete("k") + Get("k")), absl::StrCat("DELETED\r\n", kMiss));
  EXPECT_THAT(LinesTo(4), ElementsAre("get k"));
  EXPECT_THAT(LinesTo(5), ElementsAre("get k"));
  member(4).Die();
  EXPECT_EQ(Ask(client, Get("k")), kMiss);
  EXPECT_THAT(LinesTo(5), ElementsAre("get k", "get k"));
}

TEST_F(FailoverScenarios, TheOneWithTheLeastFailuresStandsIn) {
  Serve(Cascade(R"({"type": "FailoverRoute", "failover_policy": {"type": "LeastFailuresPolicy"},
                    "children": ["PoolRoute|first", "PoolRoute|second", "PoolRoute|third"]})"));
  member(3).Die();
  member(4).StopReading();
  Client& client = Connect();
  EXPECT_EQ(Await(client, Get("k")), (Told{kMiss, kTimeout}));
  // From now on nobody waits for the one that has failed.
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(Await(client, Get("k")), (Told{kMiss, absl::ZeroDuration()}));
  member(5).Die();
  EXPECT_EQ(Await(client, Get("k")).after, kTimeout);
}

TEST_F(FailoverScenarios, TheKeysOfADeadPoolSpreadOverTheOthersAndEachHasItsStandIn) {
  Serve(
      Cascade(R"({"type": "FailoverRoute", "failover_policy": {"type": "DeterministicOrderPolicy"},
                    "children": ["PoolRoute|first", "PoolRoute|second", "PoolRoute|third"]})"));
  member(3).Die();
  Client& client = Connect();
  for (const std::string& key : Keys(100)) EXPECT_EQ(Ask(client, Set(key, key)), kStored);
  EXPECT_GT(member(4).cache().size(), 30u);
  EXPECT_GT(member(5).cache().size(), 30u);
  for (const std::string& key : Keys(100)) EXPECT_EQ(Ask(client, Get(key)), Hit(key, key));
}

class ReplicaScenarios : public ScenarioFixture {
 protected:
  void ServeReplicas() {
    Serve(Config({{"A", List({0, 1, 2}, R"("placement": "ketama")")}},
                 R"({"type": "ReplicaFailoverRoute", "pool": "A"})"));
  }
  // Who has it besides its owner, or kServers.
  std::size_t StandInOf(const std::string& key, std::size_t owner) {
    for (std::size_t server = 0; server < kServers; ++server) {
      if (server != owner && ValueAt(server, key) != "none") return server;
    }
    return kServers;
  }
};

TEST_F(ReplicaScenarios, WhatAStandInStoredLivesForAMinuteWhateverTheClientSaid) {
  ServeReplicas();
  const std::string key = KeyOf(1);
  member(1).Die();
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Set(key, "brief") + Get(key)), kStored + Hit(key, "brief"));
  const std::size_t stand_in = StandInOf(key, 1);
  ASSERT_LT(stand_in, kServers);
  member(1).ComeBack();
  Pass(kSecond);
  EXPECT_EQ(Ask(client, Set(key, "lasting")), kStored);
  Pass(absl::Minutes(1));
  member(1).Die();
  EXPECT_EQ(Ask(client, Get(key)), kMiss) << "an old value came back";
}

TEST_F(ReplicaScenarios, TheKeysOfADeadMemberSpreadOverAllOthers) {
  ServeReplicas();
  member(0).Die();
  Client& client = Connect();
  for (int i = 0; i < 60; ++i) EXPECT_EQ(Ask(client, Set(KeyOf(0, i), "x")), kStored);
  EXPECT_GT(member(1).cache().size(), 10u);
  EXPECT_GT(member(2).cache().size(), 10u);
}

TEST_F(ReplicaScenarios, WhatMayHaveBeenDoneIsNotDoneTwice) {
  ServeReplicas();
  const std::string key = KeyOf(2);
  Store(key, "1");
  ForgetLines();
  member(2).StopReading();
  Client& client = Connect();
  EXPECT_EQ(Await(client, absl::StrCat("incr ", key, " 1\r\n")).reply, "SERVER_ERROR timeout\r\n");
  EXPECT_EQ(Await(client, absl::StrCat("append ", key, " 0 0 1\r\n0\r\n")).reply,
            "SERVER_ERROR timeout\r\n");
  EXPECT_THAT(LinesTo(0), IsEmpty());
  EXPECT_THAT(LinesTo(1), IsEmpty());
  EXPECT_EQ(Await(client, Get(key)).reply, kMiss) << "of the stand-in";
  // Once it is down nothing is sent to it, so that everything may be asked elsewhere.
  EXPECT_EQ(Await(client, absl::StrCat("incr ", key, " 1\r\n")).reply, "NOT_FOUND\r\n");
  member(2).ResumeReading();
  Pass(kSecond);
  EXPECT_EQ(ValueAt(2, key), "20") << "each was done once";
}

}  // namespace
}  // namespace ringcache::router

// Which pool a request goes to, by what it asks, by its key and by the time.

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

constexpr char kStored[] = "STORED\r\n";
constexpr char kDeleted[] = "DELETED\r\n";

// Six pools of one server each, "p0" to "p5".
class PolicyScenarios : public ScenarioFixture {
 protected:
  void ServeRoute(absl::string_view route) { Serve(ConfigOf(absl::StrCat("\"route\": ", route))); }
  static std::string ConfigOf(const std::string& routes) {
    std::string config = R"({"pools": {)";
    for (std::size_t i = 0; i < kServers; ++i) {
      absl::StrAppend(&config, i == 0 ? "" : ", ", "\"p", i, "\": ", List({i}));
    }
    return absl::StrCat(config, "}, ", routes, "}");
  }
};

TEST_F(PolicyScenarios, ReadsAskTheNearReplicaAndChangesReachAllOfThem) {
  ServeRoute(R"({
    "type": "OperationSelectorRoute",
    "default_policy": {"type": "FailoverRoute", "children": ["PoolRoute|p0", "PoolRoute|p1"]},
    "operation_policies": {
      "set": {"type": "AllSyncRoute", "children": ["PoolRoute|p0", "PoolRoute|p1"]},
      "delete": {"type": "AllSyncRoute", "children": ["PoolRoute|p0", "PoolRoute|p1"]}}})");
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Set("k", "x") + Set("l", "y")), absl::StrCat(kStored, kStored));
  ForgetLines();
  EXPECT_EQ(Ask(client, Get("k") + "mg k v\r\n"), Hit("k", "x") + "VA 1\r\nx\r\n");
  EXPECT_THAT(LinesTo(1), IsEmpty());
  EXPECT_EQ(Ask(client, Delete("k")), kDeleted);
  EXPECT_EQ(ValueAt(0, "k") + ValueAt(1, "k"), "nonenone");
  member(0).Die();
  EXPECT_EQ(Ask(client, Get("l")), Hit("l", "y")) << "the other replica has it";
}

TEST_F(PolicyScenarios, TheLongestPrefixOfAKeyChoosesItsPool) {
  ServeRoute(R"({"type": "PrefixSelectorRoute", "wildcard": "PoolRoute|p0",
                 "policies": {"user:": "PoolRoute|p1", "user:7": "PoolRoute|p2",
                              "gone:": "ErrorRoute|no such service"}})");
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Set("other", "a") + Set("user:1", "b") + Set("user:77", "c")),
            absl::StrCat(kStored, kStored, kStored));
  EXPECT_EQ(ValueAt(0, "other") + ValueAt(1, "user:1") + ValueAt(2, "user:77"), "abc");
  EXPECT_EQ(Ask(client, "get user:77 other user:1\r\n"),
            Found("user:77", "c") + Found("other", "a") + Hit("user:1", "b"));
  EXPECT_EQ(Ask(client, Set("gone:1", "x")), "SERVER_ERROR no such service\r\n");
}

TEST_F(PolicyScenarios, TheRoutingPrefixOfAKeyChoosesTheClusterAndIsTakenOff) {
  options_.tree.default_prefix = "/here/a/";
  Serve(ConfigOf(R"("routes": [
      {"aliases": ["/here/a/"], "route": "PoolRoute|p0"},
      {"aliases": ["/there/a/", "/there/b/"], "route": "PoolRoute|p1"}])"));
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Set("k", "here") + Set("/there/b/k", "there")),
            absl::StrCat(kStored, kStored));
  EXPECT_EQ(ValueAt(0, "k") + " " + ValueAt(1, "k"), "here there");
  EXPECT_EQ(Ask(client, Get("/there/a/k") + Get("k")),
            Hit("/there/a/k", "there") + Hit("k", "here"));
  EXPECT_EQ(Ask(client, Delete("/nowhere/a/k")), "SERVER_ERROR RootRoute: No rh found\r\n");
}

TEST_F(PolicyScenarios, WhatTheMajoritySaysHoldsWhileAMinorityIsDeadOrBehind) {
  ServeRoute(R"({"type": "AllMajorityRoute",
                 "children": ["PoolRoute|p0", "PoolRoute|p1", "PoolRoute|p2"]})");
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Set("k", "x")), kStored);
  member(2).Die();
  EXPECT_EQ(Ask(client, Set("l", "y") + Delete("k")), absl::StrCat(kStored, kDeleted));
  member(2).ComeBack();
  Pass(kSecond);
  EXPECT_EQ(Ask(client, Delete("l")), kDeleted) << "one had none";
  member(1).Die();
  member(2).Die();
  EXPECT_THAT(Ask(client, Set("k", "z")), testing::StartsWith("SERVER_ERROR"));
}

TEST_F(PolicyScenarios, AMajorityDoesNotWaitForASlowMinority) {
  ServeRoute(R"({"type": "AllMajorityRoute",
                 "children": ["PoolRoute|p0", "PoolRoute|p1", "PoolRoute|p2"]})");
  for (const std::size_t server : {0, 1, 2}) member(server).set_latency(20 * kMs * (server + 1));
  Client& client = Connect();
  EXPECT_EQ(Await(client, Set("k", "x")), (Told{kStored, 40 * kMs}));
  member(1).StopReading();
  EXPECT_EQ(Await(client, Set("k", "x")), (Told{kStored, 60 * kMs}));
}

TEST_F(PolicyScenarios, TheFastestReplyThatIsNoErrorIsTheAnswer) {
  ServeRoute(R"({"type": "AllFastestRoute",
                 "children": ["PoolRoute|p0", "PoolRoute|p1", "PoolRoute|p2"]})");
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Set("k", "x")), kStored);
  member(0).Die();
  member(1).set_latency(30 * kMs);
  member(2).set_latency(10 * kMs);
  EXPECT_EQ(Await(client, Get("k")), (Told{Hit("k", "x"), 10 * kMs}));
  member(2).StopReading();
  EXPECT_EQ(Await(client, Get("k")), (Told{Hit("k", "x"), 30 * kMs}));
}

TEST_F(PolicyScenarios, AllSyncTakesAsLongAsTheSlowestAndSaysTheWorst) {
  ServeRoute(R"({"type": "AllSyncRoute",
                 "children": ["PoolRoute|p0", "PoolRoute|p1", "PoolRoute|p2"]})");
  for (const std::size_t server : {0, 1, 2}) member(server).set_latency(20 * kMs * (3 - server));
  Client& client = Connect();
  EXPECT_EQ(Await(client, Set("k", "x")), (Told{kStored, 60 * kMs}));
  member(1).cache().Clear();
  EXPECT_EQ(Await(client, Delete("k")), (Told{"NOT_FOUND\r\n", 60 * kMs}));
  member(2).StopReading();
  EXPECT_EQ(Await(client, Set("k", "x")), (Told{"SERVER_ERROR timeout\r\n", kTimeout}));
  EXPECT_EQ(ValueAt(0, "k"), "x") << "though the client was told of trouble";
}

TEST_F(PolicyScenarios, AReplicaThatNobodyWaitsForIsStillKeptUpToDate) {
  ServeRoute(R"({"type": "AllInitialRoute", "children": ["PoolRoute|p0", "PoolRoute|p1"]})");
  member(1).set_latency(50 * kMs);
  Client& client = Connect();
  EXPECT_EQ(Await(client, Set("k", "x")), (Told{kStored, absl::ZeroDuration()}));
  client.peer.HangUp();
  Pass(kSecond);
  EXPECT_EQ(ValueAt(1, "k"), "x");
}

TEST_F(PolicyScenarios, AShadowSeesItsShareOfTheKeysAndIsFeltByNobody) {
  ServeRoute(R"({"type": "ShadowRoute", "target": "PoolRoute|p0",
                 "shadows": [{"target": "PoolRoute|p1", "key_fraction_range": [0, 0.5]}]})");
  Client& client = Connect();
  for (const std::string& key : Keys(200)) EXPECT_EQ(Ask(client, Set(key, key)), kStored);
  const std::size_t copied = member(1).cache().size();
  EXPECT_GT(copied, 60u);
  EXPECT_LT(copied, 140u);
  for (const std::string& key : Keys(200)) EXPECT_EQ(Ask(client, Get(key)), Hit(key, key));
  EXPECT_EQ(member(1).seen().size(), 2 * copied) << "always the same keys";
  member(1).StopReading();
  for (const std::string& key : Keys(200)) {
    EXPECT_EQ(Await(client, Get(key)), (Told{Hit(key, key), absl::ZeroDuration()}));
  }
}

TEST_F(PolicyScenarios, AMigrationMovesKeysOneByOneAndADeleteReachesBothSidesMeanwhile) {
  const absl::Duration start = absl::Seconds(100), interval = absl::Seconds(60);
  ServeRoute(absl::StrCat(R"({"type": "MigrateRoute", "from": "PoolRoute|p0", "to": "PoolRoute|p1",
                              "start_time": )",
                          absl::ToUnixSeconds(loop_.WallNow() + start), R"(, "interval": 60})"));
  Client& client = Connect();
  std::size_t moved_before = 0;
  const auto moved = [&] {
    member(1).cache().Clear();
    for (const std::string& key : Keys(200)) EXPECT_EQ(Ask(client, Set(key, key)), kStored);
    return member(1).cache().size();
  };
  EXPECT_EQ(moved(), 0u);
  EXPECT_EQ(Ask(client, Delete("key0")), kDeleted);
  EXPECT_EQ(Count(1, "delete key0"), 0u);
  Pass(start);
  for (int i = 0; i < 3; ++i) {
    Pass(interval / 2);
    const std::size_t moved_now = moved();
    EXPECT_GT(moved_now, moved_before);
    moved_before = moved_now;
    ForgetLines();
    Ask(client, Delete("key0"));
    EXPECT_EQ(Count(0, "delete key0") + Count(1, "delete key0"), 2u);
  }
  Pass(interval / 2);
  EXPECT_EQ(moved(), 200u);
  ForgetLines();
  EXPECT_EQ(Ask(client, Delete("key0")), kDeleted);
  EXPECT_THAT(LinesTo(0), IsEmpty()) << "the old side is not needed any more";
}

TEST_F(PolicyScenarios, AColdClusterFillsFromAWarmOneAndKeepsWhatTimeItemsHadLeft) {
  options_.tree.default_prefix = "/cold/a/";
  Serve(ConfigOf(R"("routes": [{"aliases": ["/warm/a/"], "route": "PoolRoute|p1"},
                               {"aliases": ["/cold/a/"],
                                "route": {"type": "WarmUpRoute", "cold": "PoolRoute|p0",
                                          "warm": "PoolRoute|p1"}}])"));
  Client& client = Connect();
  EXPECT_EQ(Ask(client, "set /warm/a/k 0 60 1\r\nx\r\n"), kStored);
  Pass(absl::Seconds(20));
  EXPECT_EQ(Ask(client, Get("k")), Hit("k", "x"));
  member(1).Die();
  Pass(absl::Seconds(39));
  EXPECT_EQ(Ask(client, Get("k")), Hit("k", "x")) << "the cold one has it now";
  Pass(absl::Seconds(2));
  EXPECT_EQ(ValueAt(0, "k"), "none") << "and no longer than the warm one would have";
}

TEST_F(PolicyScenarios, AHotKeyHasCopiesAndADeleteLeavesNone) {
  options_.routes.host_id = 1;
  ServeRoute(R"({"type": "KeySplitRoute", "replicas": 3, "all_sync": true,
                 "destination": {"type": "HashRoute", "children": ["PoolRoute|p0", "PoolRoute|p1",
                                 "PoolRoute|p2", "PoolRoute|p3"]}})");
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Set("hot", "x")), kStored);
  std::size_t copies = 0;
  for (std::size_t server = 0; server < kServers; ++server) copies += member(server).cache().size();
  EXPECT_EQ(copies, 3u);
  EXPECT_EQ(Ask(client, Get("hot")), Hit("hot", "x"));
  EXPECT_EQ(Ask(client, Delete("hot")), kDeleted);
  for (std::size_t server = 0; server < kServers; ++server) {
    EXPECT_EQ(member(server).cache().size(), 0u) << server;
  }
}

TEST_F(PolicyScenarios, PastItsRateAServiceIsSparedUntilTimeHasPassed) {
  ServeRoute(R"({"type": "RateLimitRoute", "target": "PoolRoute|p0", "fallback": "PoolRoute|p1",
                 "rates": {"gets_rate": 10, "gets_burst": 20}})");
  Client& client = Connect();
  std::string asked, missed;
  for (int i = 0; i < 30; ++i) {
    asked += Get("k");
    missed += kMiss;
  }
  EXPECT_EQ(Ask(client, asked), missed);
  EXPECT_EQ(Count(0, "get k"), 20u);
  EXPECT_EQ(Count(1, "get k"), 10u);
  EXPECT_EQ(Ask(client, Set("k", "x")), kStored) << "changes are not limited";
  Pass(kSecond);
  Ask(client, asked);
  EXPECT_EQ(Count(0, "get k"), 30u);
}

TEST_F(PolicyScenarios, ALimitOnRequestsAtATimeLetsClientsTakeTurns) {
  ServeRoute(R"({"type": "OutstandingLimitRoute", "target": "PoolRoute|p0",
                 "max_outstanding": 1})");
  member(0).set_latency(10 * kMs);
  Client& greedy = Connect();
  Client& modest = Connect();
  greedy.peer.Say(Get("a") + Get("b") + Get("c") + Get("d"));
  Settle();
  modest.peer.Say(Get("k"));
  Pass(30 * kMs);
  EXPECT_EQ(Heard(modest), kMiss) << "it waited for its turn, not for all";
  Pass(20 * kMs);
  EXPECT_EQ(Heard(greedy), absl::StrCat(kMiss, kMiss, kMiss, kMiss));
}

TEST_F(PolicyScenarios, AKeyAndATimeToLiveAreChangedOnTheWayAndTheClientSeesItsOwn) {
  ServeRoute(R"({"type": "ModifyKeyRoute", "ensure_key_prefix": "tenant:",
                 "target": {"type": "ModifyExptimeRoute", "exptime": 30, "action": "min",
                            "target": "PoolRoute|p0"}})");
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Set("k", "x")), kStored);
  EXPECT_THAT(LinesTo(0), ElementsAre("set tenant:k 0 30 1"));
  EXPECT_EQ(Ask(client, Get("k") + Get("tenant:k")), Hit("k", "x") + Hit("tenant:k", "x"));
  Pass(absl::Seconds(30));
  EXPECT_EQ(Ask(client, Get("k")), kMiss);
}

TEST_F(PolicyScenarios, EachRouterOfAFleetUsesOneOfManyProxiesAndAnotherWhenThatIsDead) {
  options_.routes.host_id = 7;
  ServeRoute(R"({"type": "LatestRoute", "failover_count": 3,
                 "children": ["PoolRoute|p0", "PoolRoute|p1", "PoolRoute|p2",
                              "PoolRoute|p3", "PoolRoute|p4", "PoolRoute|p5"]})");
  Client& client = Connect();
  std::size_t used = kServers;
  for (int i = 0; i < 3; ++i) {
    for (const std::string& key : Keys(20)) EXPECT_EQ(Ask(client, Set(key, key)), kStored);
    std::size_t servers_used = 0;
    for (std::size_t server = 0; server < kServers; ++server) {
      if (member(server).cache().size() == 0) continue;
      ++servers_used;
      used = server;
    }
    EXPECT_EQ(servers_used, 1u);
    member(used).Die();
  }
  EXPECT_THAT(Ask(client, Set("k", "x")), testing::StartsWith("SERVER_ERROR"));
}

}  // namespace
}  // namespace ringcache::router

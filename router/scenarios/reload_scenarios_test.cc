// Configurations that change while requests are under way: what was begun ends as it began, what
// stays the same is kept, and what is wrong changes nothing.

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/scenarios/scenario_fixture.h"

namespace ringcache::router {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kStored[] = "STORED\r\n";
constexpr char kDown[] = "SERVER_ERROR unavailable\r\n";

class ReloadScenarios : public ScenarioFixture {
 protected:
  // Everything goes to one server.
  static std::string To(std::size_t server) {
    return Config({{absl::StrCat("pool", server), List({server})}},
                  absl::StrCat(R"("PoolRoute|pool)", server, "\""));
  }
  void ExpectReload(const std::string& config) {
    const absl::Status status = Reload(config);
    ASSERT_TRUE(status.ok()) << status;
    Settle();
  }
  void StoreAt(std::size_t server, const std::string& key, const std::string& value) {
    ExpectReload(To(server));
    Store(key, value);
  }
};

TEST_F(ReloadScenarios, RequestsUnderWayAreAnsweredByTheOldRoutesAndNewOnesByTheNew) {
  Serve(To(0));
  Store("k", "old");
  StoreAt(1, "k", "new");
  ExpectReload(To(0));
  member(0).set_latency(50 * kMs);
  Client& client = Connect();
  Client& other = Connect();
  client.peer.Say(Get("k") + "get k none\r\n");
  Settle();
  ExpectReload(To(1));
  client.peer.Say(Get("k"));
  EXPECT_EQ(Ask(other, Get("k")), Hit("k", "new"));
  EXPECT_EQ(Heard(client), "") << "replies stay in order";
  Pass(50 * kMs);
  EXPECT_EQ(Heard(client), Hit("k", "old") + Hit("k", "old") + Hit("k", "new"));
}

TEST_F(ReloadScenarios, AFailoverThatHasBegunGoesOnToThePoolThatTheNewConfigurationHasNoMore) {
  Serve(Config({{"A", List({0})}, {"gutter", List({1})}},
               R"({"type": "FailoverRoute", "children": ["PoolRoute|A", "PoolRoute|gutter"]})"));
  member(0).StopReading();
  Client& client = Connect();
  client.peer.Say(Set("k", "x"));
  Settle();
  ExpectReload(Config({{"A", List({0})}}, R"("PoolRoute|A")"));
  Pass(kTimeout);
  EXPECT_EQ(Heard(client), kStored);
  EXPECT_EQ(ValueAt(1, "k"), "x");
  EXPECT_EQ(Await(client, Set("k", "x")).reply, "SERVER_ERROR timeout\r\n");
}

TEST_F(ReloadScenarios, APoolThatStaysKeepsItsConnectionsAndWhatIsKnownOfItsHealth) {
  options_.cluster.member.first_probe_pause = absl::Minutes(1);
  options_.cluster.member.max_probe_pause = absl::Minutes(1);
  const std::string pool = List({0, 1});
  Serve(Config({{"A", pool}}, R"("PoolRoute|A")"));
  Client& client = Connect();
  const std::string up = KeyOf(0), down = KeyOf(1);
  member(1).Die();
  Ask(client, Get(up) + Get(down));
  member(1).ComeBack();
  for (int i = 0; i < 10; ++i) {
    ExpectReload(Config({{"A", pool}, {"B", List({2})}},
                        R"({"type": "OperationSelectorRoute", "default_policy": "PoolRoute|A",
                            "operation_policies": {"delete": "PoolRoute|B"}})"));
    EXPECT_EQ(Ask(client, Get(up) + Get(down) + Delete(up)),
              absl::StrCat(kMiss, kDown, "NOT_FOUND\r\n"));
    ExpectReload(Config({{"A", pool}}, R"("PoolRoute|A")"));
    EXPECT_EQ(Ask(client, Get(up) + Get(down)), absl::StrCat(kMiss, kDown));
    Pass(kSecond);
    EXPECT_EQ(member(2).open_connections(), 0u) << "of the pool that has gone";
  }
  EXPECT_EQ(member(0).connections(), 1u);
  EXPECT_EQ(configurations(), 21);
}

TEST_F(ReloadScenarios, APoolWhoseServersChangeTakesTheNewOnes) {
  Serve(Config({{"A", List({0, 1})}}, R"("PoolRoute|A")"));
  ExpectReload(Config({{"A", List({2, 3})}}, R"("PoolRoute|A")"));
  Client& client = Connect();
  for (const std::string& key : Keys(20)) EXPECT_EQ(Ask(client, Set(key, key)), kStored);
  EXPECT_EQ(member(2).cache().size() + member(3).cache().size(), 20u);
}

TEST_F(ReloadScenarios, APoolWhoseNewAddressNobodyFindsKeepsTheServersThatItHad) {
  Serve(Config({{"A", List({0})}}, R"("PoolRoute|A")"));
  FailDns(DnsError::kNotFound);
  SetPods("cache", {{"cache-0", 1}});
  ExpectReload(Config({{"A", Following("cache")}}, R"("PoolRoute|A")"));
  Pass(2 * kPatience);
  EXPECT_EQ(configurations(), 2);
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Set("k", "x")), kStored);
  EXPECT_EQ(ValueAt(0, "k"), "x");
  FailDns(DnsError::kNone);
  Pass(absl::Seconds(6));
  EXPECT_EQ(Ask(client, Set("k", "y")), kStored);
  EXPECT_EQ(ValueAt(1, "k"), "y");
}

TEST_F(ReloadScenarios, APoolWithWeightsGrowsAndShrinks) {
  const std::string route = R"({"type": "PoolRoute", "pool": "A", "hash": {
      "hash_func": "WeightedCh3", "weights": )";
  Serve(Config({{"A", List({0, 1})}}, route + "[1, 0.5]}}"));
  Client& client = Connect();
  ExpectReload(Config({{"A", List({0, 1, 2})}}, route + "[1, 0.5, 0.5]}}"));
  for (const std::string& key : Keys(60)) EXPECT_EQ(Ask(client, Set(key, key)), kStored);
  EXPECT_GT(member(0).cache().size(), member(2).cache().size());
  EXPECT_GT(member(2).cache().size(), 0u);
  ExpectReload(Config({{"A", List({3})}}, route + "[1]}}"));
  for (const std::string& key : Keys(60)) EXPECT_EQ(Ask(client, Set(key, key)), kStored);
  EXPECT_EQ(member(3).cache().size(), 60u);
}

TEST_F(ReloadScenarios, AMistakeIsToldWithItsPlaceAndChangesNothing) {
  Serve(To(0));
  Client& client = Connect();
  const struct {
    std::string config;
    std::string mistake;
  } kMistakes[] = {
      {"{", "router.json"},
      {R"({"route": "PoolRoute|nobody"})", "nobody"},
      {Config({{"A", List({0}, R"("placement": "katema")")}}, R"("PoolRoute|A")"), "katema"},
      {Config({{"A", List({})}}, R"("PoolRoute|A")"), "pools.A.servers"},
      {Config({{"A", List({0})}}, R"({"type": "NoSuchRoute"})"), "NoSuchRoute"},
      {Config({{"A", R"({"discovery": "nowhere+a"})"}}, R"("PoolRoute|A")"), "nowhere"},
      {Config({{"A", List({0, 0})}}, R"("PoolRoute|A")"), "10.0.0.1:11211"},
  };
  for (const auto& [config, mistake] : kMistakes) {
    SCOPED_TRACE(config);
    const absl::Status status = Reload(config);
    EXPECT_THAT(std::string(status.message()), HasSubstr(mistake));
    Pass(kPatience);
    EXPECT_EQ(Ask(client, Set("k", "x")), kStored);
  }
  EXPECT_EQ(configurations(), 1);
  EXPECT_EQ(member(0).connections(), 1u);
}

TEST_F(ReloadScenarios, ANewConfigurationIsUsedOnceItsPoolsAreKnown) {
  Serve(To(0));
  SetPods("cache", {{"cache-0", 1}});
  SetDnsLatency(kSecond);
  ExpectReload(Config({{"A", Following("cache")}}, R"("PoolRoute|A")"));
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Set("k", "x")), kStored);
  EXPECT_EQ(ValueAt(0, "k"), "x") << "by the old routes";
  Pass(2 * kSecond);
  EXPECT_EQ(Ask(client, Set("k", "y")), kStored);
  EXPECT_EQ(ValueAt(1, "k"), "y");
}

TEST_F(ReloadScenarios, APoolThatNobodyFindsDelaysAConfigurationForSomePatienceOnly) {
  Serve(To(0));
  FailDns(DnsError::kTimeout);
  SetPods("cache", {{"cache-0", 1}});
  ExpectReload(Config({{"A", Following("cache")}, {"B", List({2})}},
                      R"({"type": "OperationSelectorRoute", "default_policy": "PoolRoute|B",
                          "operation_policies": {"delete": "PoolRoute|A"}})"));
  Client& client = Connect();
  Pass(kPatience - kMs);
  EXPECT_EQ(Ask(client, Set("k", "x")), kStored);
  EXPECT_EQ(ValueAt(0, "k"), "x");
  Pass(2 * kMs);
  EXPECT_EQ(Ask(client, Set("k", "x") + Delete("k")), absl::StrCat(kStored, kDown));
  EXPECT_EQ(ValueAt(2, "k"), "x");
  FailDns(DnsError::kNone);
  Pass(absl::Seconds(6));
  EXPECT_EQ(Ask(client, Delete("k")), "NOT_FOUND\r\n");
}

TEST_F(ReloadScenarios, OfTwoReloadsInARowTheLastOneCounts) {
  Serve(To(0));
  SetPods("cache", {{"cache-0", 1}});
  SetDnsLatency(kSecond);
  ExpectReload(Config({{"A", Following("cache")}}, R"("PoolRoute|A")"));
  ExpectReload(To(2));
  Client& client = Connect();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Ask(client, Set("k", "x")), kStored);
    Pass(kSecond);
  }
  EXPECT_THAT(LinesTo(1), IsEmpty());
  EXPECT_EQ(configurations(), 2);
  // A mistake does not take back what waits for its pools.
  ExpectReload(Config({{"A", Following("cache")}}, R"("PoolRoute|A")"));
  EXPECT_FALSE(Reload("{").ok());
  Pass(2 * kSecond);
  EXPECT_EQ(Ask(client, Set("k", "x")), kStored);
  EXPECT_EQ(ValueAt(1, "k"), "x");
}

TEST_F(ReloadScenarios, AClientThatPipelinesThroughReloadsMissesNoReplyAndGetsNoneTwice) {
  Serve(To(0));
  for (const std::size_t server : {0, 1, 2}) member(server).set_latency((7 + 9 * server) * kMs);
  Client& client = Connect();
  std::string expected;
  for (int i = 0; i < 300; ++i) {
    client.peer.Say(absl::StrCat("get __mcrouter__.", i, "\r\nget k\r\n"));
    absl::StrAppend(&expected, Hit(absl::StrCat("__mcrouter__.", i), absl::StrCat("told of ", i)),
                    kMiss);
    if (i % 3 == 0) ExpectReload(To(static_cast<std::size_t>(i / 3 % 3)));
    Pass(2 * kMs);
  }
  Pass(kTimeout);
  ExpectHeard(client, expected);
  EXPECT_EQ(configurations(), 101);
}

}  // namespace
}  // namespace ringcache::router

// Histories of a pool that follows DNS: what the name server says, fails to say, or says late, and
// where requests go meanwhile.

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/scenarios/scenario_fixture.h"

namespace ringcache::router {
namespace {

using testing::IsEmpty;

constexpr char kStored[] = "STORED\r\n";
constexpr char kDown[] = "SERVER_ERROR unavailable\r\n";
constexpr int kKeys = 60;

class MembershipScenarios : public ScenarioFixture {
 protected:
  using Owned = std::map<std::string, std::size_t>;

  static constexpr char kPool[] = R"("PoolRoute|A")";
  static constexpr char kReplicas[] = R"({"type": "ReplicaFailoverRoute", "pool": "A"})";

  // Pool "A" is of three pods, on the first three servers, each key is stored, and nothing has been
  // asked of anybody.
  void ServePods(const std::string& route, const std::string& fields = "") {
    SetPods("cache", {{"cache-0", 0}, {"cache-1", 1}, {"cache-2", 2}});
    Serve(PodsConfig(route, fields));
    Client& client = Connect();
    for (const std::string& key : Keys(kKeys)) ASSERT_EQ(Ask(client, Set(key, key)), kStored);
    ForgetLines();
  }
  static std::string PodsConfig(const std::string& route, const std::string& fields) {
    return Config({{"A", Following("cache", absl::StrCat(R"("placement": "rendezvous")",
                                                         fields.empty() ? "" : ", ", fields))}},
                  route);
  }
  // Each key is a hit, but those for which the server that owned it was one of `lost`.
  void ExpectHits(const Owned& before, const std::vector<std::size_t>& lost = {}) {
    Client& client = Connect();
    for (const auto& [key, owner] : before) {
      const bool is_lost = std::count(lost.begin(), lost.end(), owner) > 0;
      EXPECT_EQ(Await(client, Get(key)).reply, is_lost ? kMiss : Hit(key, key)) << owner;
    }
    client.peer.HangUp();
    Settle();
  }
};

TEST_F(MembershipScenarios, BeforeDnsHasAnsweredClientsAreServedOnlyAfterSomePatience) {
  FailDns(DnsError::kTimeout);
  SetPods("cache", {{"cache-0", 0}});
  const absl::Duration start = loop_.MonotonicNow();
  Serve(PodsConfig(kPool, ""));
  EXPECT_EQ(loop_.MonotonicNow() - start, kPatience);
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Set("k", "x")), kDown);
  FailDns(DnsError::kNone);
  Pass(absl::Seconds(5));
  EXPECT_EQ(Ask(client, Set("k", "x")), kStored);
  EXPECT_EQ(ValueAt(0, "k"), "x");
}

TEST_F(MembershipScenarios, HoweverDnsFailsTheMembersStay) {
  ServePods(kPool);
  const Owned before = Owners(Keys(kKeys));
  for (const DnsError error : {DnsError::kNotFound, DnsError::kServerFailure, DnsError::kRefused,
                               DnsError::kTimeout, DnsError::kUnreachable, DnsError::kMalformed}) {
    FailDns(error);
    Pass(absl::Minutes(10));
    ExpectHits(before);
  }
  FailDns(DnsError::kNone);
  SetPods("cache", {});  // the name exists, and has no record
  Pass(absl::Minutes(10));
  ExpectHits(before);
  for (const std::size_t server : {0, 1, 2}) EXPECT_EQ(member(server).connections(), 1u);
}

TEST_F(MembershipScenarios, APodThatMovesToAnotherAddressKeepsItsKeysAndTheOthersNoticeNothing) {
  ServePods(kPool);
  const Owned before = Owners(Keys(kKeys));
  SetPods("cache", {{"cache-0", 0}, {"cache-1", 4}, {"cache-2", 2}});
  Pass(kRefresh);
  Owned expected = before;
  for (auto& [key, owner] : expected) owner = owner == 1 ? 4 : owner;
  EXPECT_EQ(Owners(Keys(kKeys)), expected);
  ExpectHits(before, {1});
  EXPECT_THAT(LinesTo(1), IsEmpty());
  EXPECT_EQ(member(1).open_connections(), 0u) << "nobody talks to the old address any more";
  for (const std::size_t server : {0, 2, 4}) EXPECT_EQ(member(server).connections(), 1u);
}

TEST_F(MembershipScenarios, WithTheAddressAsIdentityAPodThatMovesMovesKeys) {
  ServePods(kPool, R"("identity": "address")");
  const Owned before = Owners(Keys(kKeys));
  SetPods("cache", {{"cache-0", 0}, {"cache-1", 4}, {"cache-2", 2}});
  Pass(kRefresh + kGrace + kRefresh);
  const Owned after = Owners(Keys(kKeys));
  int moved = 0;
  for (const auto& [key, owner] : before) {
    if (owner != 1 && after.at(key) != owner) ++moved;
  }
  EXPECT_GT(moved, 0) << "it is another member, which takes keys of all";
}

TEST_F(MembershipScenarios, ADeadPodThatComesBackElsewhereIsTriedThereAtOnce) {
  options_.cluster.member.first_probe_pause = absl::Minutes(1);
  options_.cluster.member.max_probe_pause = absl::Minutes(1);
  ServePods(kPool);
  const std::string key = KeyOf(1);
  member(1).Die();
  Client& client = Connect();
  Ask(client, Get(key));
  EXPECT_EQ(Ask(client, Get(key)), kDown);
  SetPods("cache", {{"cache-0", 0}, {"cache-1", 4}, {"cache-2", 2}});
  Pass(kRefresh);
  EXPECT_EQ(Ask(client, Get(key)), kMiss);
}

TEST_F(MembershipScenarios, AVanishedPodKeepsItsPlaceForTheGraceAndThenItsKeysAreOthers) {
  ServePods(kReplicas);
  const Owned before = Owners(Keys(kKeys));
  SetPods("cache", {{"cache-0", 0}, {"cache-2", 2}});
  Pass(kRefresh);
  EXPECT_EQ(Owners(Keys(kKeys)), before);
  ExpectHits(before, {1});  // at its stand-ins
  EXPECT_THAT(LinesTo(1), IsEmpty()) << "though it is there";
  Pass(kGrace + kRefresh);
  for (const auto& [key, owner] : Owners(Keys(kKeys))) {
    if (before.at(key) == 1) {
      EXPECT_NE(owner, 1u) << key;
    } else {
      EXPECT_EQ(owner, before.at(key)) << key;
    }
  }
  EXPECT_EQ(member(1).open_connections(), 0u);
}

TEST_F(MembershipScenarios, APodThatIsBackWithinTheGraceHasItsKeysBack) {
  ServePods(kReplicas);
  const Owned before = Owners(Keys(kKeys));
  for (int i = 0; i < 5; ++i) {
    SetPods("cache", {{"cache-0", 0}, {"cache-2", 2}});
    Pass(kGrace * 0.8);
    SetPods("cache", {{"cache-0", 0}, {"cache-1", 1}, {"cache-2", 2}});
    Pass(kRefresh);
    EXPECT_EQ(Owners(Keys(kKeys)), before);
    ExpectHits(before);
  }
}

TEST_F(MembershipScenarios, ScalingOutMovesKeysToTheNewPodAndNoOthers) {
  ServePods(kPool);
  const Owned before = Owners(Keys(kKeys));
  SetPods("cache", {{"cache-0", 0}, {"cache-1", 1}, {"cache-2", 2}, {"cache-3", 3}});
  Pass(kRefresh);
  int moved = 0;
  Client& client = Connect();
  for (const auto& [key, owner] : Owners(Keys(kKeys))) {
    if (owner == 3) ++moved;
    EXPECT_TRUE(owner == 3 || owner == before.at(key)) << key;
    EXPECT_EQ(Ask(client, Get(key)), owner == 3 ? kMiss : Hit(key, key));
  }
  EXPECT_GT(moved, kKeys / 10);
  EXPECT_LT(moved, kKeys / 2);
}

TEST_F(MembershipScenarios, WhileAPoolWarmsUpTheNewPodTakesValuesOverFromTheirOldOwners) {
  ServePods(kPool, R"("warm_up": 20000)");
  const Owned before = Owners(Keys(kKeys));
  SetPods("cache", {{"cache-0", 0}, {"cache-1", 1}, {"cache-2", 2}, {"cache-3", 3}});
  Pass(kRefresh);
  const std::string taken = KeyOf(3, 0), deleted = KeyOf(3, 1), late = KeyOf(3, 2);
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Get(taken)), Hit(taken, taken));
  EXPECT_EQ(ValueAt(3, taken), taken);
  EXPECT_EQ(Ask(client, Delete(deleted)), "DELETED\r\n");
  EXPECT_EQ(ValueAt(before.at(deleted), deleted), "none") << "it would come back from there";
  EXPECT_EQ(Ask(client, Get(deleted)), kMiss);
  Pass(absl::Seconds(20));
  ForgetLines();
  EXPECT_EQ(Ask(client, Get(taken) + Get(late)), Hit(taken, taken) + kMiss);
  EXPECT_EQ(Count(before.at(late), Get(late)), 0u) << "the old owner is asked no more";
}

TEST_F(MembershipScenarios, ARequestUnderWayToAPodThatLeavesIsStillAnswered) {
  options_.discovery.grace = absl::ZeroDuration();
  options_.cluster.timeout = absl::Seconds(20);
  ServePods(kPool);
  const std::string key = KeyOf(1);
  member(1).set_latency(absl::Seconds(10));
  Client& client = Connect();
  client.peer.Say(Get(key));
  SetPods("cache", {{"cache-0", 0}, {"cache-2", 2}});
  Pass(kRefresh);
  EXPECT_NE(Owners({key}).at(key), 1u);
  EXPECT_EQ(Ask(client, Get(key)), "") << "of the new owner, which waits for its turn";
  Pass(absl::Seconds(4));
  EXPECT_EQ(Heard(client), Hit(key, key) + kMiss);
  Pass(kSecond);
  EXPECT_EQ(member(1).open_connections(), 0u);
}

TEST_F(MembershipScenarios, AnAnswerThatDidNotFitRemovesNobody) {
  ServePods(kPool);
  const Owned before = Owners(Keys(kKeys));
  TruncateDns();
  Pass(kRefresh + kGrace + kRefresh);
  EXPECT_EQ(Owners(Keys(kKeys)), before);
  ExpectHits(before);
}

TEST_F(MembershipScenarios, ASlowNameServerKeepsNobodyWaiting) {
  ServePods(kPool);
  const Owned before = Owners(Keys(kKeys));
  SetDnsLatency(absl::Seconds(10));
  SetPods("cache", {{"cache-0", 0}, {"cache-1", 4}, {"cache-2", 2}});
  Pass(kRefresh);
  Client& client = Connect();
  EXPECT_EQ(Await(client, Get(KeyOf(1))), (Told{Hit(KeyOf(1), KeyOf(1)), absl::ZeroDuration()}));
  Pass(absl::Seconds(20));
  ExpectHits(before, {1});  // it is known now
}

TEST_F(MembershipScenarios, ARollingRestartMovesNoKeyAndNoRequestWaitsOrFails) {
  ServePods(kReplicas);
  Pods pods = {{"cache-0", 0}, {"cache-1", 1}, {"cache-2", 2}};
  const Owned before = Owners(Keys(kKeys));
  const std::string asked = Get(KeyOf(0)) + Get(KeyOf(1)) + Get(KeyOf(2));
  for (std::size_t pod = 0; pod < 3; ++pod) {
    const std::string name = absl::StrCat("cache-", pod);
    pods.erase(name);
    SetPods("cache", pods);
    member(pod).Die();
    for (int i = 0; i < 20; ++i) {
      Client& client = Connect();
      const Told told = Await(client, asked);
      EXPECT_EQ(told.after, absl::ZeroDuration());
      EXPECT_THAT(told.reply, testing::Not(testing::HasSubstr("ERROR")));
      client.peer.HangUp();
      Pass(kSecond);
    }
    pods[name] = pod + 3;  // another address
    SetPods("cache", pods);
    Pass(kRefresh);
  }
  for (const auto& [key, owner] : Owners(Keys(kKeys))) EXPECT_EQ(owner, before.at(key) + 3);
}

TEST_F(MembershipScenarios, AServerThatIsListedByNameIsAskedWhereItsNameIsNow) {
  SetHost("cache.example", 0);
  Serve(Config({{"A", R"({"servers": ["cache.example.:11211"]})"}}, kPool));
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Set("k", "x")), kStored);
  EXPECT_EQ(ValueAt(0, "k"), "x");
  SetHost("cache.example", 5);
  Pass(kRefresh);
  EXPECT_EQ(Ask(client, Set("k", "y")), kStored);
  EXPECT_EQ(ValueAt(5, "k"), "y");
}

}  // namespace
}  // namespace ringcache::router

#include "client/cluster_client.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/cache_servers/cache_servers.h"
#include "client/manual_watcher.h"
#include "client/scripted_server.h"
#include "client/watcher_factory.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/loop_fixture.h"

namespace ringcache::client {
namespace {

using protocol::Operation;
using testing::ElementsAre;
using testing::HasSubstr;

class ClusterClientTest : public net::LoopFixture {
 protected:
  void Open(ClusterOptions options = {}) {
    auto watcher = std::make_unique<ManualWatcher>();
    watcher_ = watcher.get();
    // Whatever is meant to time out says so.
    if (options.timeout == ClusterOptions().timeout) options.timeout = absl::Seconds(60);
    client_ = ClusterClient::Create(loop_.get(), std::move(watcher), options).value();
  }

  CacheServers& StartServers(std::size_t count) {
    servers_ = std::make_unique<CacheServers>(count);
    return *servers_;
  }

  // Makes one call and waits for its result.
  Result Await(const std::function<void(ClusterClient::Callback)>& call) {
    std::vector<Result> results;
    call([&](Result result) { results.push_back(std::move(result)); });
    EXPECT_TRUE(results.empty()) << "told from within the call";
    RunUntil([&] { return !results.empty(); });
    return results.empty() ? Result() : results[0];
  }
  Result Get(const std::string& key) {
    return Await([&](auto callback) { client_->Get(key, std::move(callback)); });
  }
  Result Set(const std::string& key, const std::string& value, StoreOptions options = {}) {
    return Await([&](auto callback) {
      client_->Set(key, OutgoingValue::Borrowed(value), options, std::move(callback));
    });
  }
  std::vector<Result> MultiGet(const std::vector<std::string>& keys,
                               Operation operation = Operation::kGet) {
    std::vector<absl::string_view> views(keys.begin(), keys.end());
    std::vector<Result> results;
    bool done = false;
    client_->MultiGet(operation, views, 0, [&](std::vector<Result> all) {
      results = std::move(all);
      done = true;
    });
    RunUntil([&] { return done; });
    return results;
  }
  // The texts of `results`, a dash for a miss.
  static std::vector<std::string> Texts(const std::vector<Result>& results) {
    std::vector<std::string> texts;
    for (const Result& result : results) {
      texts.push_back(result.outcome == Outcome::kMiss ? "-"
                      : Describe(result) == "done"     ? result.text
                                                       : Describe(result));
    }
    return texts;
  }
  // A key that `member` owns.
  std::string KeyOf(std::size_t member, int nth = 0) const {
    for (int i = 0; i < 10'000; ++i) {
      const std::string key = absl::StrCat("key", i);
      if (client_->pool().IndexFor(key, 0) == member && nth-- == 0) return key;
    }
    ADD_FAILURE() << "member " << member << " owns nothing";
    return "";
  }
  static discovery::Member MemberAt(const std::string& name, const net::SocketAddress& address) {
    discovery::Member member;
    member.name = name;
    member.port = 11211;
    member.address = address;
    return member;
  }

  // Servers wait for their clients to close.
  std::unique_ptr<CacheServers> servers_;
  std::unique_ptr<ClusterClient> client_;
  ManualWatcher* watcher_ = nullptr;
};

TEST_F(ClusterClientTest, EveryCommandWorksAcrossMembers) {
  CacheServers& servers = StartServers(3);
  Open();
  watcher_->Publish(servers.members(3));
  for (int member = 0; member < 3; ++member) {
    const std::string key = KeyOf(member);
    EXPECT_EQ(Get(key).outcome, Outcome::kMiss);
    EXPECT_TRUE(Set(key, "value", {.flags = 7}).ok());
    const Result got = Get(key);
    EXPECT_EQ(got.text, "value");
    EXPECT_EQ(got.flags, 7);
    EXPECT_EQ(Await([&](auto callback) {
                client_->Add(key, OutgoingValue::Borrowed("x"), {}, std::move(callback));
              }).outcome,
              Outcome::kNotStored);
    EXPECT_TRUE(Await([&](auto callback) {
                  client_->Append(key, OutgoingValue::Borrowed(">"), std::move(callback));
                }).ok());
    EXPECT_TRUE(Await([&](auto callback) {
                  client_->Prepend(key, OutgoingValue::Borrowed("<"), std::move(callback));
                }).ok());
    const Result with_cas = Await([&](auto callback) { client_->Gets(key, std::move(callback)); });
    EXPECT_EQ(with_cas.text, "<value>");
    EXPECT_NE(with_cas.cas, 0);
    const auto compare_and_set = [&](auto callback) {
      client_->CompareAndSet(key, OutgoingValue::Borrowed("5"), with_cas.cas, {},
                             std::move(callback));
    };
    EXPECT_TRUE(Await(compare_and_set).ok());
    EXPECT_EQ(Await(compare_and_set).outcome, Outcome::kExists);
    EXPECT_EQ(
        Await([&](auto callback) { client_->Increment(key, 10, std::move(callback)); }).number, 15);
    EXPECT_EQ(
        Await([&](auto callback) { client_->Decrement(key, 20, std::move(callback)); }).number, 0);
    EXPECT_TRUE(Await([&](auto callback) { client_->Touch(key, 100, std::move(callback)); }).ok());
    EXPECT_TRUE(
        Await([&](auto callback) { client_->GetAndTouch(key, 100, std::move(callback)); }).ok());
    EXPECT_TRUE(Await([&](auto callback) {
                  client_->Replace(key, OutgoingValue::Borrowed("r"), {}, std::move(callback));
                }).ok());
    EXPECT_TRUE(Await([&](auto callback) { client_->Delete(key, std::move(callback)); }).ok());
    EXPECT_EQ(Await([&](auto callback) { client_->Delete(key, std::move(callback)); }).outcome,
              Outcome::kMiss);
  }
}

TEST_F(ClusterClientTest, MetaCommandsPassThrough) {
  CacheServers& servers = StartServers(2);
  Open();
  watcher_->Publish(servers.members(2));
  protocol::Request request;
  request.operation = Operation::kMetaSet;
  request.key = "k";
  request.value_bytes = 2;
  request.meta.text = "T100 c";
  EXPECT_NE(Await([&](auto callback) {
              client_->Execute(request, OutgoingValue::Borrowed("hi"), std::move(callback));
            }).cas,
            0);
  request = {};
  request.operation = Operation::kMetaGet;
  request.key = "k";
  request.meta.text = "v t s";
  const Result got =
      Await([&](auto callback) { client_->Execute(request, {}, std::move(callback)); });
  EXPECT_EQ(got.text, "hi");
  EXPECT_EQ(got.meta_flags, "t100 s2");
}

TEST_F(ClusterClientTest, AMultiGetIsSplitAndMergedInTheOrderOfTheKeys) {
  CacheServers& servers = StartServers(3);
  Open();
  watcher_->Publish(servers.members(3));
  std::vector<std::string> keys;
  std::vector<std::string> expected;
  for (int i = 0; i < 3000; ++i) {
    keys.push_back(absl::StrCat("key-that-is-somewhat-longer-", i));
    expected.push_back("-");
    if (i % 3 == 0) continue;
    expected.back() = absl::StrCat("value", i);
  }
  std::size_t stored = 0;
  for (int i = 0; i < 3000; ++i) {
    if (i % 3 == 0) continue;
    client_->Set(keys[i], OutgoingValue::Borrowed(expected[i]), {}, [&](Result result) {
      EXPECT_TRUE(result.ok());
      ++stored;
    });
  }
  RunUntil([&] { return stored == 2000; });
  keys.push_back(keys[1]);
  expected.push_back(expected[1]);
  EXPECT_EQ(Texts(MultiGet(keys)), expected);
  for (const Result& result : MultiGet({keys[1], keys[2]}, Operation::kGets)) {
    EXPECT_NE(result.cas, 0);
  }
  EXPECT_TRUE(MultiGet({}).empty());
}

TEST_F(ClusterClientTest, LongValuesComeWhole) {
  CacheServers& servers = StartServers(1);
  Open();
  watcher_->Publish(servers.members(1));
  const std::string value(900'000, 'v');
  EXPECT_TRUE(Set("large", value).ok());
  EXPECT_TRUE(Get("large").text == value);
  EXPECT_TRUE(MultiGet({"large", "none", "large"})[2].text == value);
  EXPECT_THAT(Set("larger", std::string(2 << 20, 'v')).text, HasSubstr("too large"));
}

TEST_F(ClusterClientTest, CallsToAllMembersNameEach) {
  CacheServers& servers = StartServers(2);
  Open();
  watcher_->Publish(servers.members(2));
  EXPECT_TRUE(Set("k", "v").ok());
  std::vector<MemberResult> results;
  const auto keep = [&](std::vector<MemberResult> all) { results = std::move(all); };
  client_->Stats("", keep);
  RunUntil([&] { return !results.empty(); });
  ASSERT_EQ(results.size(), 2);
  EXPECT_EQ(results[0].name, "cache-0:11211");
  EXPECT_EQ(results[1].name, "cache-1:11211");
  EXPECT_GT(results[0].stats.size(), 50);
  results.clear();
  client_->Version(keep);
  RunUntil([&] { return !results.empty(); });
  EXPECT_FALSE(results[1].result.text.empty());
  results.clear();
  client_->FlushAll(0, keep);
  RunUntil([&] { return !results.empty(); });
  EXPECT_TRUE(results[0].result.ok() && results[1].result.ok());
  EXPECT_EQ(Get("k").outcome, Outcome::kMiss);
}

TEST_F(ClusterClientTest, AKeyThatCannotBeSentIsRefusedWithAReason) {
  CacheServers& servers = StartServers(1);
  Open();
  watcher_->Publish(servers.members(1));
  EXPECT_THAT(Get("a b").text, HasSubstr("space"));
  EXPECT_THAT(Get("").text, HasSubstr("empty"));
  EXPECT_THAT(Get(std::string(251, 'k')).text, HasSubstr("251 bytes; at most 250"));
  EXPECT_THAT(Texts(MultiGet({"ok", "a\nb"})), ElementsAre("-", HasSubstr("control character")));
}

TEST_F(ClusterClientTest, BeforeMembersAreKnownCallsFail) {
  CacheServers& servers = StartServers(1);
  Open();
  EXPECT_EQ(Get("k").failure, CallFailure::kNoMembers);
  EXPECT_THAT(Texts(MultiGet({"a", "b"})),
              ElementsAre("no members found yet", "no members found yet"));
  bool ready = false;
  client_->set_on_ready([&] { ready = true; });
  watcher_->Publish(servers.members(1));
  RunUntil([&] { return ready; });
  EXPECT_EQ(Get("k").outcome, Outcome::kMiss);
}

TEST_F(ClusterClientTest, WhoAsksForMembersThatAreKnownMayBeGoneWhenToldOfThem) {
  CacheServers& servers = StartServers(1);
  Open();
  watcher_->Publish(servers.members(1));
  bool ready = false;
  client_->set_on_ready([&] { ready = true; });
  client_.reset();
  RunWakeUps(3);
  EXPECT_FALSE(ready);
}

TEST_F(ClusterClientTest, AMemberThatComesBackElsewhereKeepsItsKeys) {
  CacheServers& servers = StartServers(3);
  Open();
  watcher_->Publish(servers.members(2));
  const std::string key = KeyOf(1);
  EXPECT_TRUE(Set(key, "old").ok());
  const auto ring = client_->pool().ring();
  std::vector<discovery::Member> members = servers.members(2);
  members[1].address = servers.address(2);
  watcher_->Publish(members);
  EXPECT_EQ(client_->pool().ring(), ring) << "no member has another name";
  EXPECT_EQ(client_->pool().IndexFor(key, 0), 1);
  EXPECT_EQ(Get(key).outcome, Outcome::kMiss);
  EXPECT_TRUE(Set(key, "new").ok());
  EXPECT_EQ(Get(key).text, "new");
}

TEST_F(ClusterClientTest, WhatIsPendingAtAnAddressThatIsLeftIsStillAnswered) {
  ScriptedServer old_place(loop_.get());
  ScriptedServer new_place(loop_.get());
  Open();
  watcher_->Publish({MemberAt("cache-0", old_place.address())});
  std::vector<std::string> told;
  client_->Get("k", [&](Result result) { told.push_back(result.text); });
  RunUntil([&] { return old_place.connections() == 1 && !old_place.received(0).empty(); });
  watcher_->Publish({MemberAt("cache-0", new_place.address())});
  RunWakeUps(3);
  old_place.Say(0, "VALUE k 0 3\r\nold\r\nEND\r\n");
  RunUntil([&] { return told.size() == 1; });
  EXPECT_THAT(told, ElementsAre("old"));
  RunUntil([&] { return !old_place.IsOpen(0); });
}

TEST_F(ClusterClientTest, ACallMayHaveATimeOfItsOwn) {
  ScriptedServer silent(loop_.get());
  Open();
  watcher_->Publish({MemberAt("cache-0", silent.address())});
  const auto get = KeyRequest(Operation::kGet, "k");
  EXPECT_EQ(Await([&](auto callback) {
              client_->Execute(get, {}, absl::Milliseconds(5), std::move(callback));
            }).failure,
            CallFailure::kTimedOut);
  std::vector<Result> results;
  const std::vector<absl::string_view> keys = {"a", "b"};
  client_->MultiGet(Operation::kGet, keys, 0, absl::Milliseconds(5),
                    [&](std::vector<Result> all) { results = std::move(all); });
  RunUntil([&] { return !results.empty(); });
  EXPECT_EQ(results[1].failure, CallFailure::kTimedOut);
  client_->Get("k", [](Result) {});
  const MemberStats stats = client_->pool().member(0).stats();
  EXPECT_EQ(stats.timeouts, 2);
  EXPECT_EQ(stats.pending_calls, 3) << "late replies have their places";
  EXPECT_EQ(stats.queued_bytes, std::string("get k\r\n").size());
}

TEST_F(ClusterClientTest, TwoMembersOfOneIdentityAreRefusedAndTheOldOnesStay) {
  CacheServers& servers = StartServers(2);
  Open();
  watcher_->Publish(servers.members(2));
  watcher_->Publish({servers.member(0), servers.member(0)});
  EXPECT_FALSE(client_->pool_status().ok());
  EXPECT_EQ(client_->pool().size(), 2);
  EXPECT_TRUE(Set(KeyOf(1), "v").ok());
}

TEST_F(ClusterClientTest, WithAddressesAsIdentityTheRingHashesThem) {
  CacheServers& servers = StartServers(1);
  ClusterOptions options;
  options.identity = Identity::kAddress;
  Open(options);
  std::vector<discovery::Member> members = servers.members(1);
  // Two that have none yet.
  members.push_back(MemberAt("later-0", net::SocketAddress()));
  members.push_back(MemberAt("later-1", net::SocketAddress()));
  watcher_->Publish(members);
  ASSERT_TRUE(client_->pool_status().ok());
  ASSERT_EQ(client_->pool().size(), 1);
  EXPECT_EQ(client_->pool().ring()->members()[0].host, "127.0.0.1");
  EXPECT_TRUE(Set("k", "v").ok());
}

TEST_F(ClusterClientTest, ThePoolMayBeWhatACloudsServerTells) {
  CacheServers& servers = StartServers(2);
  const std::string config = absl::StrCat("1\n127.0.0.1|127.0.0.1|", servers.address(0).port(),
                                          " 127.0.0.1|127.0.0.1|", servers.address(1).port(), "\n");
  ScriptedServer cloud(loop_.get());
  cloud.AnswerLines([&](absl::string_view line) -> std::string {
    if (line != "config get cluster") return "ERROR\r\n";
    return absl::StrCat("CONFIG cluster 0 ", config.size(), "\r\n", config, "\r\nEND\r\n");
  });
  auto watcher =
      MakeWatcher(loop_.get(), absl::StrCat("config+", cloud.address().ToString()), {}).value();
  ClusterOptions options;
  options.timeout = absl::Seconds(60);
  client_ = ClusterClient::Create(loop_.get(), std::move(watcher), options).value();
  RunUntil([&] { return client_->ready(); });
  ASSERT_EQ(client_->pool().size(), 2);
  for (std::size_t member = 0; member < 2; ++member) {
    EXPECT_TRUE(Set(KeyOf(member), "v").ok());
    EXPECT_EQ(Get(KeyOf(member)).text, "v");
  }
}

class DeadMemberTest : public ClusterClientTest {
 protected:
  // One live member, cache-0, and one that is dead from the start.
  void OpenWithADeadMember(DeadMemberPolicy policy) {
    ClusterOptions options;
    options.dead_member = policy;
    // Not tried again within the test.
    options.member.connection.first_backoff = options.member.connection.max_backoff =
        absl::Seconds(600);
    Open(options);
    dead_.Stop();
    watcher_->Publish({live_.member(0), MemberAt("cache-1", dead_.address())});
  }

  CacheServers& live_ = StartServers(1);
  ScriptedServer dead_{loop_.get()};
};

TEST_F(DeadMemberTest, CallsFailAndOthersAreNotAffected) {
  OpenWithADeadMember(DeadMemberPolicy::kFail);
  EXPECT_EQ(Get(KeyOf(1)).failure, CallFailure::kNotConnected);
  EXPECT_EQ(Get(KeyOf(1)).failure, CallFailure::kMemberDown);
  EXPECT_GT(watcher_->refreshes_asked, 0);
  EXPECT_TRUE(Set(KeyOf(0), "v").ok());
  EXPECT_THAT(Texts(MultiGet({KeyOf(1), KeyOf(0)})), ElementsAre("marked down", "v"));
}

TEST_F(DeadMemberTest, CallsAreMissesIfThatIsThePolicy) {
  OpenWithADeadMember(DeadMemberPolicy::kMiss);
  const Result result = Get(KeyOf(1));
  EXPECT_EQ(result.outcome, Outcome::kMiss);
  EXPECT_EQ(result.failure, CallFailure::kNotConnected);
  EXPECT_EQ(Get(KeyOf(0)).outcome, Outcome::kMiss);
  EXPECT_EQ(Get(KeyOf(0)).failure, std::nullopt);
  EXPECT_THAT(Texts(MultiGet({KeyOf(1), KeyOf(0)})), ElementsAre("-", "-"));
}

TEST_F(DeadMemberTest, CallsGoToTheNextReplicaIfThatIsThePolicy) {
  OpenWithADeadMember(DeadMemberPolicy::kNextReplica);
  const std::string key = KeyOf(1);
  EXPECT_TRUE(Set(key, "kept by the other").ok());
  EXPECT_EQ(Get(key).text, "kept by the other");
  EXPECT_THAT(Texts(MultiGet({KeyOf(0), key, KeyOf(1, 1)})),
              ElementsAre("-", "kept by the other", "-"));
  EXPECT_EQ(client_->pool().IndexFor(key, 0), 1) << "a dead member keeps its place";
}

TEST_F(DeadMemberTest, AVanishedMemberIsFailedOverAtOnceAndKeepsItsPlace) {
  ClusterOptions options;
  options.dead_member = DeadMemberPolicy::kNextReplica;
  Open(options);
  CacheServers& servers = StartServers(2);
  std::vector<discovery::Member> members = servers.members(2);
  watcher_->Publish(members);
  const std::string key = KeyOf(1);
  EXPECT_TRUE(Set(key, "there").ok());
  members[1].vanished = true;
  watcher_->Publish(members);
  EXPECT_EQ(Get(key).outcome, Outcome::kMiss);
  members[1].address = net::SocketAddress();  // none is known
  watcher_->Publish(members);
  EXPECT_EQ(Get(key).outcome, Outcome::kMiss);
  members[1] = servers.member(1);
  watcher_->Publish(members);
  EXPECT_EQ(Get(key).text, "there");
}

TEST_F(DeadMemberTest, AMemberIsMarkedDownAfterTimeoutsAndComesBackWithAnAnsweredProbe) {
  ScriptedServer stuck(loop_.get());
  ClusterOptions options;
  options.timeout = absl::Milliseconds(10);
  options.member.first_probe_pause = options.member.max_probe_pause = absl::Milliseconds(2);
  options.member.probe_timeout = absl::Milliseconds(10);
  Open(options);
  watcher_->Publish({MemberAt("cache-0", stuck.address())});
  for (int i = 0; i < MemberHealth::kTimeoutsToDown; ++i) {
    EXPECT_EQ(Get("k").failure, CallFailure::kTimedOut);
  }
  EXPECT_EQ(Get("k").failure, CallFailure::kMemberDown);
  EXPECT_FALSE(client_->pool().member(0).stats().up);
  EXPECT_THAT(client_->pool().member(0).stats().last_problem, HasSubstr("timed out"));
  // Probes that get no answer, too, end their connections.
  RunUntil([&] { return stuck.connections() >= 4; });
  stuck.AnswerLines([](absl::string_view line) -> std::string {
    return line == "version" ? "VERSION 1\r\n" : "END\r\n";
  });
  RunUntil([&] { return client_->pool().member(0).is_usable(); });
  EXPECT_EQ(client_->pool().member(0).stats().times_down, 1);
}

TEST_F(DeadMemberTest, MarksAreIgnoredWhenTooManyMembersAreDown) {
  ScriptedServer stuck(loop_.get());
  ClusterOptions options;
  options.timeout = absl::Milliseconds(10);
  options.member.timeouts_to_down = 1;
  options.member.first_probe_pause = options.member.max_probe_pause = absl::Seconds(60);
  // One of two may be down.
  options.max_down_share = 0.5;
  Open(options);
  ScriptedServer other(loop_.get());
  watcher_->Publish({MemberAt("cache-0", stuck.address()), MemberAt("cache-1", other.address())});
  const auto fail_once = [&](std::size_t member) {
    while (client_->pool().member(member).is_up()) Get(KeyOf(member));
  };
  fail_once(0);
  EXPECT_EQ(Get(KeyOf(0)).failure, CallFailure::kMemberDown);
  fail_once(1);
  EXPECT_EQ(client_->pool().down_marks().count(), 2);
  // As soon as the pause after its lost connection is over, each is asked again.
  for (const std::size_t member : {std::size_t{0}, std::size_t{1}}) {
    Result result = Get(KeyOf(member));
    while (result.failure == CallFailure::kNotConnected) result = Get(KeyOf(member));
    EXPECT_EQ(result.failure, CallFailure::kTimedOut);
  }
}

TEST_F(DeadMemberTest, TimeoutsDoNotMarkAMemberDownIfToldSo) {
  ScriptedServer stuck(loop_.get());
  ClusterOptions options;
  options.timeout = absl::Milliseconds(5);
  options.member.timeouts_to_down = 0;
  Open(options);
  watcher_->Publish({MemberAt("cache-0", stuck.address())});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Get("k").failure, CallFailure::kTimedOut);
  EXPECT_TRUE(client_->pool().member(0).is_up());
}

TEST_F(DeadMemberTest, AMemberThatSpeaksGarbageIsMarkedDown) {
  ScriptedServer garbage(loop_.get());
  garbage.AnswerLines([](absl::string_view) { return "SSH-2.0-OpenSSH_9.2\r\n"; });
  Open();
  watcher_->Publish({live_.member(0), MemberAt("cache-1", garbage.address())});
  EXPECT_EQ(Get(KeyOf(1)).failure, CallFailure::kProtocolError);
  EXPECT_EQ(Get(KeyOf(1)).failure, CallFailure::kMemberDown);
  EXPECT_THAT(client_->pool().member(1).stats().last_problem, HasSubstr("SSH-2.0"));
  EXPECT_TRUE(Set(KeyOf(0), "v").ok());
}

TEST_F(DeadMemberTest, AServerThatReturnsIsUsedAgain) {
  CacheServers& servers = StartServers(2);
  Open();
  watcher_->Publish(servers.members(2));
  EXPECT_TRUE(Set(KeyOf(1), "v").ok());
  servers.Stop(1);
  while (client_->pool().member(1).is_usable()) Get(KeyOf(1));
  EXPECT_EQ(Get(KeyOf(1)).failure, CallFailure::kMemberDown);
  EXPECT_TRUE(Set(KeyOf(0), "v").ok());
  servers.Restart(1);
  RunUntil([&] { return client_->pool().member(1).is_usable(); });
  EXPECT_TRUE(Set(KeyOf(1), "v").ok());
}

TEST_F(DeadMemberTest, DestroyingTheClientFailsWhatIsPending) {
  ScriptedServer silent(loop_.get());
  ClusterOptions options;
  options.dead_member = DeadMemberPolicy::kNextReplica;
  Open(options);
  watcher_->Publish({live_.member(0), MemberAt("cache-1", silent.address())});
  std::vector<std::string> told;
  client_->Get(KeyOf(1), [&](Result result) { told.push_back(Describe(result)); });
  const std::vector<absl::string_view> keys = {"a", "b"};
  client_->MultiGet(Operation::kGet, keys, 0,
                    [&](std::vector<Result> results) { told.push_back(Describe(results[0])); });
  client_->Version(
      [&](std::vector<MemberResult> results) { told.push_back(Describe(results[0].result)); });
  client_->Get("no key", [&](Result result) { told.push_back(Describe(result)); });
  client_.reset();
  EXPECT_EQ(told.size(), 4);
}

TEST(ClusterOptionsTest, WrongValuesAreNamed) {
  ClusterOptions options;
  EXPECT_TRUE(options.Validate().ok());
  options.timeout = absl::ZeroDuration();
  EXPECT_THAT(std::string(options.Validate().message()), HasSubstr("timeout"));
  options = {};
  options.max_failovers = 8;
  EXPECT_THAT(std::string(options.Validate().message()), HasSubstr("max_failovers is 8"));
  options = {};
  options.member.connections = 0;
  EXPECT_THAT(std::string(options.Validate().message()), HasSubstr("connections is 0"));
}

}  // namespace
}  // namespace ringcache::client

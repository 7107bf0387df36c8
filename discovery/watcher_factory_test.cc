#include "discovery/watcher_factory.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "discovery/dns_message.h"
#include "discovery/fake_dns_server.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/loop_fixture.h"
#include "net/socket_folder.h"

namespace ringcache::discovery {
namespace {

using ::testing::HasSubstr;
using Manner = FakeDnsServer::Manner;

constexpr char kService[] = "cache.shop.svc.cluster.local";

class WatcherFactoryTest : public net::LoopFixture {
 protected:
  WatcherFactoryTest() : server_(loop_.get()) {
    options_.min_refresh = absl::Milliseconds(10);
    options_.max_refresh = absl::Milliseconds(50);
    options_.grace = absl::ZeroDuration();
    options_.dns.servers = {server_.address()};
    options_.dns.hosts_file = "";
    options_.dns.search_path =
        SearchPath{{"shop.svc.cluster.local", "svc.cluster.local", "cluster.local"}, 5};
    options_.dns.timeout = absl::Milliseconds(100);
  }

  void Follow(const std::string& address) {
    auto made = MakeWatcher(loop_.get(), DiscoveryAddress::Parse(address).value(), options_);
    ASSERT_TRUE(made.ok()) << made.status();
    watcher_ = *std::move(made);
    watcher_->Start([this](const auto& snapshot) { last_ = snapshot; });
  }
  // "pod-0:11211=10.0.0.1:11211 pod-1*:11211=…": a star if vanished; names without the service's.
  std::string Members() const {
    if (last_ == nullptr) return "";
    return absl::StrJoin(last_->members, " ", [](std::string* out, const Member& member) {
      absl::StrAppend(out, member.name.substr(0, member.name.find(std::string(".") + kService)),
                      member.vanished ? "*" : "", "=", member.address.ToString());
    });
  }
  void Await(const std::string& members) {
    RunUntil([&] { return Members() == members; });
    EXPECT_EQ(Members(), members);
  }

  static std::string Pod(int number) { return absl::StrCat("pod-", number, ".", kService); }
  void SetService(const std::string& port, const std::vector<int>& pods) {
    const std::string name = absl::StrCat("_", port, "._tcp.", kService);
    std::vector<DnsRecord> records;
    for (const int pod : pods) {
      records.push_back(ServiceRecord(name, Pod(pod), 11211, 0, 0));
      server_.Set(Pod(pod), DnsType::kA,
                  {AddressRecord(Pod(pod), absl::StrCat("10.0.0.", pod), 0)});
    }
    server_.Set(name, DnsType::kSrv, records);
  }
  void SetAddresses(const std::vector<int>& pods) {
    std::vector<DnsRecord> records;
    for (const int pod : pods) {
      records.push_back(AddressRecord(kService, absl::StrCat("10.0.0.", pod), 0));
    }
    server_.Set(kService, DnsType::kA, records);
  }

  FakeDnsServer server_;
  WatcherOptions options_;
  std::unique_ptr<Watcher> watcher_;
  std::shared_ptr<const Snapshot> last_;
};

TEST_F(WatcherFactoryTest, AListOfAddressesAsksNobody) {
  Follow("10.0.0.2:1,10.0.0.1:2,unix:/run/a.sock");
  Await("10.0.0.2=10.0.0.2:1 10.0.0.1=10.0.0.1:2 /run/a.sock=unix:/run/a.sock");
  EXPECT_EQ(server_.udp_questions(), 0);
}

TEST_F(WatcherFactoryTest, NamesInAListFollowTheirAddresses) {
  server_.Set("a.example", DnsType::kA, {AddressRecord("a.example", "10.0.0.1", 0)});
  Follow("a.example:1,b.example:2");
  Await("a.example=10.0.0.1:1 b.example*=0.0.0.0:0");
  server_.Set("b.example", DnsType::kA, {AddressRecord("b.example", "10.0.0.2", 0)});
  Await("a.example=10.0.0.1:1 b.example=10.0.0.2:2");
  server_.Set("a.example", DnsType::kA, {AddressRecord("a.example", "10.0.0.9", 0)});
  Await("a.example=10.0.0.9:1 b.example=10.0.0.2:2");
}

TEST_F(WatcherFactoryTest, AServiceInKubernetesIsFollowedThroughScaling) {
  SetService("memcached", {9, 10});
  Follow("k8s+cache.shop");
  Await("pod-9=10.0.0.9:11211 pod-10=10.0.0.10:11211");
  SetService("memcached", {9, 10, 11});
  Await("pod-9=10.0.0.9:11211 pod-10=10.0.0.10:11211 pod-11=10.0.0.11:11211");
  SetService("memcached", {9});
  Await("pod-9=10.0.0.9:11211");
}

TEST_F(WatcherFactoryTest, APortMayHaveTheNameOfOtherCharts) {
  SetService("memcache", {0});
  Follow("k8s+cache");
  Await("pod-0=10.0.0.0:11211");
}

TEST_F(WatcherFactoryTest, AServiceWithoutSrvRecordsGivesItsAddresses) {
  SetAddresses({1, 2});
  Follow("k8s+cache.shop");
  Await("10.0.0.1=10.0.0.1:11211 10.0.0.2=10.0.0.2:11211");
  EXPECT_THAT(watcher_->stats().warning, HasSubstr("known by their addresses"));
}

TEST_F(WatcherFactoryTest, APortByNameHasNoFallbackAndOneByNumberAsksForNoSrv) {
  SetAddresses({1});
  Follow("k8s+cache.shop:other");
  RunUntil([this] { return watcher_->stats().not_found > 0; });
  EXPECT_EQ(last_, nullptr);
  EXPECT_THAT(watcher_->stats().last_error, HasSubstr("_other._tcp.cache.shop.svc is not found"));
  SetService("memcached", {7});
  Follow("k8s+cache.shop:11311");
  Await("10.0.0.1=10.0.0.1:11311");
}

TEST_F(WatcherFactoryTest, WhateverTheServerDoesTheMembersStay) {
  SetService("memcached", {1, 2});
  Follow("k8s+cache.shop");
  Await("pod-1=10.0.0.1:11211 pod-2=10.0.0.2:11211");
  const auto members = last_;
  for (const Manner manner : {Manner::kSilent, Manner::kServerFailure, Manner::kRefusing,
                              Manner::kWrongId, Manner::kWrongQuestion, Manner::kGarbage}) {
    server_.manner = manner;
    const std::uint64_t before = watcher_->stats().errors;
    watcher_->RefreshSoon();
    RunUntil([&] { return watcher_->stats().errors > before; });
    EXPECT_EQ(last_, members) << static_cast<int>(manner);
    EXPECT_NE(watcher_->stats().last_error, "");
  }
  server_.manner = Manner::kHonest;
  server_.Clear();
  RunUntil([this] { return watcher_->stats().not_found > 0; });
  EXPECT_EQ(last_, members);
  // Truncated answers are asked for again over TCP; if they stay truncated, nobody vanishes.
  SetService("memcached", {1, 2});
  server_.manner = Manner::kTruncatingAll;
  RunUntil([this] { return watcher_->stats().truncated > 0; });
  EXPECT_EQ(last_, members);
  EXPECT_GT(server_.tcp_questions(), 0);
}

TEST_F(WatcherFactoryTest, AServerThatFlapsChangesNothing) {
  SetService("memcached", {1, 2, 3});
  Follow("k8s+cache.shop");
  Await("pod-1=10.0.0.1:11211 pod-2=10.0.0.2:11211 pod-3=10.0.0.3:11211");
  const std::uint64_t refreshes = watcher_->stats().refreshes;
  RunUntil([&] {
    const bool fails = server_.udp_questions() % 3 != 0;
    server_.manner = fails ? Manner::kServerFailure : Manner::kHonest;
    if (fails) watcher_->RefreshSoon();
    return watcher_->stats().refreshes > refreshes + 1 && watcher_->stats().errors > 1;
  });
  EXPECT_EQ(watcher_->stats().changes, 1u);
}

TEST_F(WatcherFactoryTest, AFileIsFollowedAndABadOneKeepsTheMembers) {
  const net::SocketFolder folder;
  const std::string path = folder.path() + "/members";
  std::ofstream(path) << "10.0.0.1:1\n";
  // So long that only inotify can tell.
  options_.max_refresh = absl::Hours(1);
  Follow("file:" + path);
  Await("10.0.0.1=10.0.0.1:1");
  std::ofstream(path + ".new") << "10.0.0.2:1\n10.0.0.1:1\n";
  std::filesystem::rename(path + ".new", path);
  Await("10.0.0.2=10.0.0.2:1 10.0.0.1=10.0.0.1:1");
  std::ofstream(path) << "10.0.0.3:x\n";
  RunUntil([this] { return watcher_->stats().errors > 0; });
  EXPECT_EQ(Members(), "10.0.0.2=10.0.0.2:1 10.0.0.1=10.0.0.1:1");
  EXPECT_THAT(watcher_->stats().last_error, HasSubstr("line 1: \"10.0.0.3:x\""));
}

TEST_F(WatcherFactoryTest, WatchersMayShareAResolver) {
  const auto resolver = CaresResolver::Create(loop_.get(), options_.dns).value();
  options_.resolver = resolver.get();
  SetService("memcached", {1});
  Follow("k8s+cache.shop");
  const auto other =
      MakeWatcher(loop_.get(), DiscoveryAddress::Parse("k8s+cache").value(), options_).value();
  bool other_seen = false;
  other->Start([&other_seen](const auto&) { other_seen = true; });
  RunUntil([&] { return last_ != nullptr && other_seen; });
  watcher_.reset();
}

TEST_F(WatcherFactoryTest, ConfigAddressesBelongToTheClient) {
  const auto made =
      MakeWatcher(loop_.get(), DiscoveryAddress::Parse("config+a:1").value(), options_);
  EXPECT_THAT(made.status().message(), HasSubstr("config+a:1 is asked of a memcached server"));
}

TEST_F(WatcherFactoryTest, OptionsThatCannotWorkAreRefused) {
  WatcherOptions options;
  EXPECT_TRUE(options.Validate().ok());
  options.max_refresh = absl::Milliseconds(999);
  EXPECT_THAT(options.Validate().message(), HasSubstr("every 1s to 999ms"));
  options = {};
  options.grace = absl::Seconds(-1);
  EXPECT_THAT(options.Validate().message(), HasSubstr("the grace time is -1s; write 0 or more"));
  options = {};
  options.dns.tries = 0;
  EXPECT_FALSE(options.Validate().ok());
}

}  // namespace
}  // namespace ringcache::discovery

// Watchers and real name servers: nsd, which serves zones with SRV records and sends their
// addresses along, and dnsmasq, which knows the names of addresses.

#include <signal.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "discovery/name_server_process.h"
#include "discovery/watcher_factory.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/loop_fixture.h"

namespace ringcache::discovery {
namespace {

using ::testing::HasSubstr;

constexpr char kService[] = "cache.shop.svc.cluster.local";

class ServersTest : public net::LoopFixture {
 protected:
  ServersTest() {
    options_.min_refresh = absl::Milliseconds(20);
    options_.max_refresh = absl::Milliseconds(100);
    options_.grace = absl::ZeroDuration();
    options_.dns.servers = {server_.address()};
    options_.dns.hosts_file = "";
    options_.dns.search_path =
        SearchPath{{"shop.svc.cluster.local", "svc.cluster.local", "cluster.local"}, 5};
  }

  void Follow(const std::string& address) {
    auto made = MakeWatcher(loop_.get(), DiscoveryAddress::Parse(address).value(), options_);
    ASSERT_TRUE(made.ok()) << made.status();
    watcher_ = *std::move(made);
    watcher_->Start([this](const auto& snapshot) { last_ = snapshot; });
  }
  // "pod-0*2=10.0.0.1:11211": a weight if it is not 1; names without the service's.
  std::string Members() const {
    if (last_ == nullptr) return "";
    return absl::StrJoin(last_->members, " ", [](std::string* out, const Member& member) {
      absl::StrAppend(out, member.name.substr(0, member.name.find(std::string(".") + kService)),
                      member.weight == 1 ? "" : absl::StrCat("*", member.weight), "=",
                      member.address.ToString());
    });
  }
  void Await(const std::string& members) {
    RunUntil([&] { return Members() == members || !server_.IsRunning(); });
    ASSERT_TRUE(server_.IsRunning())
        << "the name server ended; are dnsmasq-base and nsd installed?\n"
        << options_.dns.servers[0];
    EXPECT_EQ(Members(), members) << watcher_->stats().last_error;
  }

  NameServerProcess server_;
  WatcherOptions options_;
  std::unique_ptr<Watcher> watcher_;
  std::shared_ptr<const Snapshot> last_;
};

class NsdTest : public ServersTest {
 protected:
  struct Pod {
    int number;
    std::string address;
    int weight = 33;
  };

  void Start(const std::vector<Pod>& pods) {
    SetPods(pods);
    const std::string folder = server_.folder();
    server_.Write(
        "conf", absl::StrCat("server:\n", "  ip-address: 127.0.0.1@", server_.port(), "\n",
                             "  username: \"\"\n", "  chroot: \"\"\n", "  database: \"\"\n",
                             "  server-count: 1\n", "  rrl-ratelimit: 0\n", "  zonesdir: \"",
                             folder, "\"\n", "  pidfile: \"", folder, "/pid\"\n", "  xfrdfile: \"",
                             folder, "/xfrd\"\n", "  xfrdir: \"", folder, "\"\n",
                             "  zonelistfile: \"", folder, "/zones\"\n", "  logfile: \"", folder,
                             "/log\"\n", "remote-control:\n", "  control-enable: no\n", "zone:\n",
                             "  name: cluster.local\n", "  zonefile: zone\n"));
    server_.Start({"nsd", "-d", "-c", folder + "/conf"});
  }
  // Writes the zone, which the server reads at its start or on a SIGHUP.
  void SetPods(const std::vector<Pod>& pods) {
    std::string zone = absl::StrCat("$ORIGIN cluster.local.\n$TTL 0\n@ SOA ns root ", ++serial_,
                                    " 60 60 60 0\n@ NS ns\nns A 127.0.0.1\n");
    for (const Pod& pod : pods) {
      const std::string name = absl::StrCat("pod-", pod.number, ".cache.shop.svc");
      absl::StrAppend(&zone, "_memcached._tcp.cache.shop.svc SRV 0 ", pod.weight, " 11211 ", name,
                      "\n", name, " A ", pod.address, "\n", "cache.shop.svc A ", pod.address, "\n");
    }
    server_.Write("zone", zone);
    server_.Signal(SIGHUP);
  }

  int serial_ = 0;
};

TEST_F(NsdTest, AServiceIsFollowedThroughScalingAndMoving) {
  Start({{0, "10.0.0.1"}, {1, "10.0.0.2"}});
  Follow("k8s+cache.shop");
  Await("pod-0=10.0.0.1:11211 pod-1=10.0.0.2:11211");
  SetPods({{0, "10.0.0.1"}, {1, "10.0.0.2"}, {2, "10.0.0.3"}});
  Await("pod-0=10.0.0.1:11211 pod-1=10.0.0.2:11211 pod-2=10.0.0.3:11211");
  SetPods({{0, "10.0.0.1"}, {1, "10.0.9.9"}, {2, "10.0.0.3"}});
  Await("pod-0=10.0.0.1:11211 pod-1=10.0.9.9:11211 pod-2=10.0.0.3:11211");
  SetPods({{0, "10.0.0.1", 10}, {1, "10.0.9.9", 20}});
  Await("pod-0*10=10.0.0.1:11211 pod-1*20=10.0.9.9:11211");
}

TEST_F(NsdTest, AServiceWithoutPodsKeepsItsMembers) {
  Start({{0, "10.0.0.1"}});
  Follow("dnssrv+_memcached._tcp.cache.shop.svc");
  Await("pod-0=10.0.0.1:11211");
  SetPods({});
  RunUntil([this] { return watcher_->stats().not_found > 0; });
  EXPECT_EQ(Members(), "pod-0=10.0.0.1:11211");
  SetPods({{0, "10.0.0.5"}});
  Await("pod-0=10.0.0.5:11211");
}

TEST_F(NsdTest, AServerThatIsGoneKeepsTheMembers) {
  options_.dns.timeout = absl::Milliseconds(100);
  Start({{0, "10.0.0.1"}});
  Follow("k8s+cache.shop");
  Await("pod-0=10.0.0.1:11211");
  server_.Stop();
  RunUntil([this] { return watcher_->stats().errors > 1; });
  EXPECT_EQ(Members(), "pod-0=10.0.0.1:11211");
  Start({{0, "10.0.0.7"}});
  Await("pod-0=10.0.0.7:11211");
}

TEST_F(NsdTest, TwoHundredPodsDoNotFitIntoAPacket) {
  std::vector<Pod> pods;
  std::string members;
  for (int i = 0; i < 200; ++i) {
    pods.push_back({i, absl::StrCat("10.0.0.", i)});
    absl::StrAppend(&members, i == 0 ? "" : " ", "pod-", i, "=10.0.0.", i, ":11211");
  }
  Start(pods);
  Follow("k8s+cache.shop");
  Await(members);
  EXPECT_GT(watcher_->stats().truncated, 0u);
}

class DnsmasqTest : public ServersTest {
 protected:
  void Start(const std::string& hosts) {
    SetHosts(hosts);
    // Not as a daemon, which would want the rights of another user.
    server_.Start({"dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
                   "--bind-interfaces", "--listen-address=127.0.0.1",
                   "--log-facility=" + server_.folder() + "/log", "--local=/local/arpa/",
                   "--addn-hosts=" + server_.folder() + "/hosts",
                   absl::StrCat("--port=", server_.port())});
  }
  // As /etc/hosts; the first name of an address is its reverse name.
  void SetHosts(const std::string& hosts) {
    server_.Write("hosts", hosts);
    server_.Signal(SIGHUP);
  }
  static std::string Host(const std::string& address, const std::string& pod) {
    return absl::StrCat(address, " ", pod.empty() ? "" : absl::StrCat(pod, ".", kService, " "),
                        kService, "\n");
  }
};

TEST_F(DnsmasqTest, AddressesAreNamedByTheirReverseNames) {
  Start(Host("10.0.0.1", "pod-0") + Host("10.0.0.2", "pod-1"));
  Follow("dns+cache.shop.svc:11211");
  Await("pod-0=10.0.0.1:11211 pod-1=10.0.0.2:11211");
  EXPECT_EQ(watcher_->stats().warning, "");
  SetHosts(Host("10.0.0.1", "pod-0") + Host("10.0.0.9", "pod-1") + Host("10.0.0.3", "pod-2"));
  Await("pod-0=10.0.0.1:11211 pod-1=10.0.0.9:11211 pod-2=10.0.0.3:11211");
}

TEST_F(DnsmasqTest, AddressesWithoutNamesAreIdentities) {
  Start(Host("10.0.0.2", "") + Host("10.0.0.10", "") + Host("2001:db8::1", ""));
  Follow("dns+cache.shop.svc:11211");
  Await("10.0.0.2=10.0.0.2:11211 10.0.0.10=10.0.0.10:11211 2001:db8::1=[2001:db8::1]:11211");
  EXPECT_THAT(watcher_->stats().warning, HasSubstr("two members each"));
  SetHosts(Host("10.0.0.2", ""));
  Await("10.0.0.2=10.0.0.2:11211");
}

TEST_F(DnsmasqTest, NamesInAListAreFound) {
  Start("10.0.0.1 a.cluster.local\n10.0.0.2 b.cluster.local\n");
  Follow("b:1,a:2");
  Await("b=10.0.0.2:1 a=10.0.0.1:2");
}

}  // namespace
}  // namespace ringcache::discovery

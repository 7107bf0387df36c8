// Whole watchers over a resolver that is scripted at random, in simulated time: a thousand
// histories of pods that come, go and move, and of name servers that fail in every way. What the
// listener sees keeps the rules of watcher.h and docs/discovery.md, and once the script is calm, it
// is the truth.

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "discovery/discovery_address.h"
#include "discovery/dns_message.h"
#include "discovery/dns_records.h"
#include "discovery/refreshing_watcher.h"
#include "discovery/scripted_resolver.h"
#include "discovery/watcher_factory.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"

namespace ringcache::discovery {
namespace {

constexpr int kPods = 6;
constexpr char kService[] = "cache.shop.svc.cluster.local";

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed) {
    resolver_.path = {{"shop.svc.cluster.local", "svc.cluster.local", "cluster.local"}, 5};
    options_.grace = absl::Seconds(Pick(3) * 45);
    options_.seed = seed + 1;
    options_.resolver = &resolver_;
    resolver_.adapt = [this](const std::string&, DnsType, DnsReply* reply) { Disturb(reply); };
    const char* const addresses[] = {"k8s+cache.shop", "k8s+cache:memcache",
                                     "dnssrv+_memcached._tcp.cache", "dns+cache.shop.svc:11211"};
    const char* const address = addresses[Pick(4)];
    has_names_ = address[3] != '+' || Pick(2) == 0;
    watcher_ = MakeWatcher(&loop_, DiscoveryAddress::Parse(address).value(), options_).value();
    watcher_->Start([this](const auto& snapshot) { Check(*snapshot); });
  }

  void Play(int steps) {
    for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) {
      Change();
      if (Pick(10) == 0) watcher_->RefreshSoon();
      loop_.RunFor(absl::Milliseconds(Pick(40000)));
    }
    CalmDown();
    CheckTruth();
  }

 private:
  int Pick(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }
  static std::string PodName(int pod) { return absl::StrCat("pod-", pod, ".", kService); }

  // Half of the pods have IPv4, half IPv6; no two ever have the same address.
  std::string NewAddress(int pod) {
    return absl::StrCat(pod % 2 == 0 ? "10.0." : "2001:db8::", 1 + pod, pod % 2 == 0 ? "." : ":",
                        1 + Pick(200));
  }

  void Change() {
    for (int pod = 0; pod < kPods; ++pod) {
      if (Pick(6) == 0) pods_.erase(pod);
      if (Pick(4) == 0) pods_[pod] = NewAddress(pod);
    }
    trouble_ = Pick(3) == 0 ? 1 + Pick(6) : 0;
    resolver_.latency = absl::Milliseconds(Pick(8) == 0 ? 40000 : 1 + Pick(50));
    WriteZone();
  }

  void WriteZone() {
    resolver_.Clear();
    std::map<std::string, absl::Duration> served;
    for (const auto& [pod, address] : pods_) {
      const auto before = served_since_.find(address);
      served[address] = before != served_since_.end() ? before->second : loop_.MonotonicNow();
    }
    served_since_ = std::move(served);
    if (pods_.empty()) return;  // as Kubernetes: a Service without pods does not exist
    for (const char* port : {"memcached", "memcache"}) {
      const std::string name = absl::StrCat("_", port, "._tcp.", kService);
      std::vector<DnsRecord> records;
      for (const auto& [pod, address] : pods_) {
        records.push_back(ServiceRecord(name, PodName(pod), 11211, 0, 1 + Pick(30)));
      }
      std::shuffle(records.begin(), records.end(), random_);
      resolver_.Set(name, DnsType::kSrv, records);
    }
    std::map<DnsType, std::vector<DnsRecord>> addresses;
    for (const auto& [pod, address] : pods_) {
      const DnsRecord record = AddressRecord(kService, address, 1 + Pick(30));
      addresses[record.type].push_back(record);
      resolver_.Set(PodName(pod), record.type, {AddressRecord(PodName(pod), address)});
      if (!has_names_) continue;
      const std::string reverse = ReverseName(record.address);
      resolver_.Set(reverse, DnsType::kPtr, {NameRecord(DnsType::kPtr, reverse, PodName(pod))});
    }
    for (auto& [type, records] : addresses) {
      std::shuffle(records.begin(), records.end(), random_);
      resolver_.Set(kService, type, records);
    }
  }

  // What a name server does on a bad day. It fails from one question to the next; but where it
  // denies records, it denies all: to have A records and deny AAAA ones is the truth of many pools.
  void Disturb(DnsReply* reply) {
    const bool denies = trouble_ == 3 || trouble_ == 4;
    if (trouble_ == 0 || (!denies && Pick(2) == 0)) return;
    switch (trouble_) {
      case 1:
        reply->error = DnsError::kTimeout;
        break;
      case 2:
        reply->error = DnsError::kServerFailure;
        break;
      case 3:
        reply->error = DnsError::kNotFound;
        break;
      case 4:
        reply->answer.answers.clear();
        break;
      case 5:
        reply->answer.truncated = reply->asked_over_tcp = true;
        if (!reply->answer.answers.empty()) reply->answer.answers.pop_back();
        break;
      default:
        reply->error = DnsError::kMalformed;
        break;
    }
  }

  void Check(const Snapshot& snapshot) {
    EXPECT_TRUE(std::any_of(snapshot.members.begin(), snapshot.members.end(),
                            [](const Member& member) { return !member.vanished; }));
    EXPECT_EQ(snapshot.version, last_.version + 1);
    EXPECT_NE(snapshot.members, last_.members);
    CheckIdentities(snapshot);
    const bool shows_names = std::any_of(snapshot.members.begin(), snapshot.members.end(), HasName);
    std::map<std::string, const Member*> now;
    for (const Member& member : snapshot.members) {
      EXPECT_TRUE(now.emplace(member.name, &member).second) << member.name << " is there twice";
      EXPECT_NE(member.address.port(), 0);
      if (!member.vanished) vanished_at_.erase(member.name);
      if (!member.vanished) continue;
      const bool newly = vanished_at_.emplace(member.name, loop_.MonotonicNow()).second;
      if (newly && (HasName(member) || !shows_names)) CheckWasMissing(member);
    }
    for (const Member& member : last_.members) {
      if (now.count(member.name) > 0) continue;
      const auto vanished = vanished_at_.find(member.name);
      const bool served_its_grace =
          vanished != vanished_at_.end() &&
          loop_.MonotonicNow() - vanished->second >= options_.grace - absl::Milliseconds(1);
      EXPECT_TRUE(served_its_grace || options_.grace == absl::ZeroDuration())
          << member.name << " left before its grace was over";
      vanished_at_.erase(member.name);
    }
    last_ = snapshot;
  }

  // Who has been served all the time that a question takes, cannot be missing in its answer,
  // whatever the server did to other answers.
  void CheckWasMissing(const Member& member) {
    const auto served = served_since_.find(member.address.host());
    const absl::Duration longest = RefreshingWatcher::kMaxQuestion + absl::Seconds(1);
    EXPECT_FALSE(served != served_since_.end() && loop_.MonotonicNow() - served->second > longest)
        << member.name << " vanished while it was served";
  }

  // Identities may become names, if those come later; never the reverse.
  void CheckIdentities(const Snapshot& snapshot) {
    const bool had_names =
        last_.version > 0 && std::all_of(last_.members.begin(), last_.members.end(), HasName);
    EXPECT_TRUE(!had_names ||
                std::all_of(snapshot.members.begin(), snapshot.members.end(), HasName));
  }
  static bool HasName(const Member& member) { return member.name[0] == 'p'; }

  void CalmDown() {
    trouble_ = 0;
    resolver_.latency = absl::Milliseconds(1);
    if (pods_.empty()) pods_[0] = NewAddress(0);
    WriteZone();
    // The last question of before may still take its time; then a refresh, a reverse name that has
    // to grow old, the grace, and the refresh that ends it.
    loop_.RunFor(absl::Minutes(3) + options_.grace);
  }

  void CheckTruth() {
    ASSERT_NE(watcher_->current(), nullptr);
    std::map<std::string, std::string> members;
    for (const Member& member : watcher_->current()->members) {
      EXPECT_FALSE(member.vanished) << member.name;
      members[member.name] = member.address.ToString();
    }
    const bool by_name = HasName(watcher_->current()->members[0]);
    std::map<std::string, std::string> truth;
    for (const auto& [pod, address] : pods_) {
      truth[by_name ? PodName(pod) : address] =
          absl::StrCat(pod % 2 == 0 ? "" : "[", address, pod % 2 == 0 ? ":11211" : "]:11211");
    }
    EXPECT_EQ(members, truth);
    EXPECT_EQ(watcher_->stats().last_error, "");
    EXPECT_EQ(watcher_->stats().changes, watcher_->current()->version);
  }

  std::mt19937_64 random_;
  net::SimulatedLoop loop_;
  ScriptedResolver resolver_{&loop_};
  WatcherOptions options_;
  std::map<int, std::string> pods_;                     // with their addresses
  std::map<std::string, absl::Duration> served_since_;  // by address
  bool has_names_ = true;                               // reverse ones
  int trouble_ = 0;
  Snapshot last_;
  std::map<std::string, absl::Duration> vanished_at_;
  std::unique_ptr<Watcher> watcher_;
};

TEST(WatcherHistoryTest, AThousandRandomHistoriesKeepTheRulesAndEndInTheTruth) {
  const std::uint64_t first = std::random_device()();
  for (std::uint64_t seed = first; seed < first + 1000; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    History(seed).Play(25);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace ringcache::discovery

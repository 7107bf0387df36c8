// Random histories: members join, leave, move, stall, die, flap and are cut off, the name server
// fails, configurations change and clients come and go. Each request has one reply, in order, of
// its own key, and in time; when all is calm, each key is where the name server says.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "router/scenarios/scenario_fixture.h"

namespace ringcache::router {
namespace {

constexpr std::uint64_t kHistories = 50;
constexpr int kSteps = 120;
constexpr int kKeys = 40;
constexpr std::size_t kPods = 4;
constexpr std::size_t kPodServers = 5;  // the last server is the gutter

struct Routes {
  const char* route;
  const char* fields;
  // Members that one request may wait for, one after another.
  int waits;
};
constexpr Routes kRoutes[] = {
    {R"("PoolRoute|A")", "", 1},
    {R"("PoolRoute|A")", R"(, "max_down": 1)", 1},
    {R"({"type": "ReplicaFailoverRoute", "pool": "A"})", "", 2},
    {R"({"type": "FailoverRoute", "children": ["PoolRoute|A", "PoolRoute|gutter"]})", "", 2},
    {R"({"type": "OperationSelectorRoute", "default_policy": "PoolRoute|A", "operation_policies": {
         "delete": {"type": "AllSyncRoute", "children": ["PoolRoute|A", "PoolRoute|gutter"]}}})",
     "", 1},
    // A miss is looked up at the owner before, and added.
    {R"("PoolRoute|A")", R"(, "warm_up": 3000)", 3},
};

enum class Kind { kMark, kGet, kGetMany, kSet, kDelete, kMetaGet };

struct Asked {
  Kind kind;
  std::vector<std::string> keys;
  int number;  // of all requests
  absl::Duration said;
};

class History : public ScenarioFixture, public testing::WithParamInterface<std::uint64_t> {
 protected:
  struct Talker {
    Client* client;
    std::string heard;
    std::deque<Asked> owed;
  };

  History() : random_(GetParam()) {
    options_.discovery.min_refresh = options_.discovery.max_refresh = kSecond;
    options_.discovery.grace = absl::Seconds(Pick(6));
    options_.discovery.seed = GetParam() | 1;
  }

  std::size_t Pick(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  bool OneIn(std::size_t times) { return Pick(times) == 0; }
  std::string AnyKey() { return absl::StrCat("key", Pick(kKeys)); }

  std::string AnyConfig() {
    const Routes& routes = kRoutes[Pick(std::size(kRoutes))];
    waits_ = std::max(waits_, routes.waits);
    return Config(
        {{"A", Following("cache", absl::StrCat(R"("placement": "ketama")", routes.fields))},
         {"gutter", List({kServers - 1})}},
        routes.route);
  }
  void Begin() {
    for (std::size_t pod = 0; pod < 3; ++pod) pods_[absl::StrCat("cache-", pod)] = pod;
    SetPods("cache", pods_);
    Serve(AnyConfig());
    for (Talker& talker : talkers_) talker.client = &Connect();
  }

  void ChangeTheWorld() {
    if (OneIn(6)) ChangePods();
    if (OneIn(3)) ChangeServer(Pick(kServers));
    if (OneIn(8)) ChangeDns();
    if (OneIn(15)) {
      EXPECT_TRUE(Reload(AnyConfig()).ok());
    }
    if (OneIn(20)) Replace(&talkers_[Pick(std::size(talkers_))]);
  }
  void ChangePods() {
    const std::string pod = absl::StrCat("cache-", Pick(kPods));
    if (OneIn(3) && pods_.size() > 1) {
      pods_.erase(pod);
    } else {
      const std::size_t server = Pick(kPodServers);
      for (const auto& [name, taken] : pods_) {
        if (taken == server) return;
      }
      pods_[pod] = server;
    }
    SetPods("cache", pods_);
  }
  void ChangeServer(std::size_t server) {
    switch (Pick(8)) {
      case 0:
        member(server).StopReading();
        break;
      case 1:
        member(server).Die();
        dead_[server] = true;
        break;
      case 2:
        network_.Partition(AddressOf(server));
        break;
      case 3:
        member(server).set_latency(kMs * static_cast<int>(Pick(150)));
        break;
      default:
        Mend(server);
        break;
    }
  }
  void Mend(std::size_t server) {
    member(server).ResumeReading();
    member(server).set_latency(absl::ZeroDuration());
    network_.Heal(AddressOf(server));
    if (dead_[server]) member(server).ComeBack();
    dead_[server] = false;
  }
  void ChangeDns() {
    constexpr DnsError kErrors[] = {DnsError::kNone, DnsError::kNone, DnsError::kNotFound,
                                    DnsError::kServerFailure, DnsError::kTimeout};
    FailDns(kErrors[Pick(std::size(kErrors))]);
    SetDnsLatency(kMs * static_cast<int>(OneIn(3) ? Pick(5000) : 1));
  }
  void Replace(Talker* talker) {
    talker->client->peer.HangUp();
    *talker = {&Connect(), {}, {}};
  }

  void SaySomething(Talker* talker) {
    Asked asked{static_cast<Kind>(Pick(6)), {AnyKey()}, ++asked_, loop_.MonotonicNow()};
    if (asked.kind == Kind::kGetMany) {
      while (asked.keys.size() < 4) asked.keys.push_back(AnyKey());
    }
    talker->client->peer.Say(TextOf(asked));
    talker->owed.push_back(std::move(asked));
  }
  std::string TextOf(const Asked& asked) {
    switch (asked.kind) {
      case Kind::kMark:
        return absl::StrCat("get __mcrouter__.", asked.number, "\r\n");
      case Kind::kGet:
      case Kind::kGetMany:
        return absl::StrCat("get ", absl::StrJoin(asked.keys, " "), "\r\n");
      case Kind::kSet:
        return Set(asked.keys[0], ValueOf(asked.keys[0]));
      case Kind::kDelete:
        return Delete(asked.keys[0]);
      case Kind::kMetaGet:
        return absl::StrCat("mg ", asked.keys[0], " k O", asked.number, " v\r\n");
    }
    return "";
  }
  // Begins with its key.
  std::string ValueOf(const std::string& key) {
    return absl::StrCat(key, "=", std::string(OneIn(4) ? Pick(20'000) : Pick(50), '.'));
  }

  // Lets time pass, and looks at all that is heard within ten milliseconds.
  void ListenFor(absl::Duration time) {
    const absl::Duration end = loop_.MonotonicNow() + time;
    do {
      Pass(std::min(10 * kMs, end - loop_.MonotonicNow()));
      for (Talker& talker : talkers_) Listen(&talker);
    } while (loop_.MonotonicNow() < end && !HasFailure());
  }
  void Listen(Talker* talker) {
    talker->heard += Heard(*talker->client);
    absl::string_view rest = talker->heard;
    while (!talker->owed.empty() && TakeReply(talker->owed.front(), &rest)) {
      talker->owed.pop_front();
    }
    talker->heard = std::string(rest);
    if (talker->owed.empty()) {
      EXPECT_EQ(rest, "") << "nobody asked for it";
    } else {
      EXPECT_LE(loop_.MonotonicNow() - talker->owed.front().said, waits_ * kTimeout)
          << "number " << talker->owed.front().number << " waits too long";
    }
  }
  // False if more is to come, or after a failure.
  static bool TakeReply(const Asked& asked, absl::string_view* text) {
    absl::string_view rest = *text;
    std::size_t keys_passed = 0;
    while (const std::optional<absl::string_view> line = TakeLine(&rest)) {
      const std::vector<absl::string_view> words = absl::StrSplit(*line, ' ');
      const bool is_value = words[0] == "VALUE" || words[0] == "VA";
      if (is_value && !TakeValue(asked, words, &keys_passed, &rest)) return false;
      if (!is_value) EndsWell(asked, *line);
      if (is_value && words[0] == "VALUE") continue;
      *text = rest;
      return true;
    }
    return false;
  }
  static std::optional<absl::string_view> TakeLine(absl::string_view* text) {
    const std::size_t end = text->find("\r\n");
    if (end == absl::string_view::npos) return std::nullopt;
    const absl::string_view line = text->substr(0, end);
    text->remove_prefix(end + 2);
    return line;
  }
  // The value behind a line of these words, which has to be of the next keys.
  static bool TakeValue(const Asked& asked, const std::vector<absl::string_view>& words,
                        std::size_t* keys_passed, absl::string_view* text) {
    std::size_t bytes = 0;
    EXPECT_TRUE(absl::SimpleAtoi(words[words[0] == "VA" ? 1 : 3], &bytes)) << words[0];
    if (text->size() < bytes + 2) return false;
    const absl::string_view value = text->substr(0, bytes);
    text->remove_prefix(bytes + 2);
    if (asked.kind == Kind::kMark) {
      EXPECT_EQ(value, absl::StrCat("told of ", asked.number));
      return true;
    }
    const bool is_meta = words[0] == "VA";
    EXPECT_EQ(is_meta, asked.kind == Kind::kMetaGet);
    EXPECT_TRUE(!is_meta || words[3] == absl::StrCat("O", asked.number)) << words[3];
    const std::string key(is_meta ? words[2].substr(1) : words[1]);
    const auto next = asked.keys.begin() + static_cast<std::ptrdiff_t>(*keys_passed);
    const auto found = std::find(next, asked.keys.end(), key);
    EXPECT_NE(found, asked.keys.end()) << key << " was not asked for, or not next";
    EXPECT_TRUE(absl::StartsWith(value, key + "=")) << key << " is not " << value;
    *keys_passed = static_cast<std::size_t>(found - asked.keys.begin()) + 1;
    return found != asked.keys.end();
  }
  // As they are returned.
  static std::string MetaFlags(const Asked& asked) {
    return absl::StrCat(" k", asked.keys[0], " O", asked.number);
  }
  static void EndsWell(const Asked& asked, absl::string_view line) {
    if (absl::StartsWith(line, "SERVER_ERROR ") && asked.kind != Kind::kMark) return;
    const std::string ends[] = {"END", "END", "END", "STORED", "DELETED", "EN" + MetaFlags(asked)};
    EXPECT_TRUE(line == ends[static_cast<std::size_t>(asked.kind)] ||
                (asked.kind == Kind::kDelete && line == "NOT_FOUND"))
        << line << " is no reply to number " << asked.number;
  }

  void CalmDown() {
    for (std::size_t server = 0; server < kServers; ++server) Mend(server);
    FailDns(DnsError::kNone);
    SetDnsLatency(kMs);
    ListenFor(absl::Minutes(1));
    for (const Talker& talker : talkers_) EXPECT_TRUE(talker.owed.empty());
  }
  // Each key can be stored, and is at a server of those that the name server says.
  void ExpectTruth() {
    std::set<std::size_t> used, expected;
    for (const auto& [pod, server] : pods_) expected.insert(server);
    for (const auto& [key, owner] : Owners(Keys(200))) {
      used.insert(owner);
      const std::string value = ValueOf(key);
      EXPECT_EQ(Await(*talkers_[0].client, Set(key, value) + Get(key)).reply,
                "STORED\r\n" + Hit(key, value));
      EXPECT_EQ(ValueAt(owner, key), value);
    }
    EXPECT_EQ(used, expected);
  }

  std::mt19937_64 random_;
  Pods pods_;
  std::array<bool, kServers> dead_{};
  std::array<Talker, 3> talkers_;
  int asked_ = 0;
  int waits_ = 0;
};

TEST_P(History, KeepsItsPromisesAndEndsInCalm) {
  SCOPED_TRACE(absl::StrCat("seed ", GetParam()));
  Begin();
  for (int step = 0; step < kSteps && !HasFailure(); ++step) {
    ChangeTheWorld();
    for (Talker& talker : talkers_) {
      for (std::size_t requests = Pick(6); requests > 0; --requests) SaySomething(&talker);
    }
    ListenFor(kMs * static_cast<int>(OneIn(4) ? Pick(1000) : Pick(20)));
  }
  CalmDown();
  ExpectTruth();
}

// From --gtest_random_seed on, to see a history again; else from any.
std::vector<std::uint64_t> Seeds() {
  const int given = testing::GTEST_FLAG(random_seed);
  std::vector<std::uint64_t> seeds(kHistories);
  std::iota(seeds.begin(), seeds.end(),
            given != 0 ? static_cast<std::uint64_t>(given) : std::random_device()() % 100'000);
  return seeds;
}

INSTANTIATE_TEST_SUITE_P(AtRandom, History, testing::ValuesIn(Seeds()));

}  // namespace
}  // namespace ringcache::router

// Any bytes as what three members say, in pieces of any size and on any of their connections, in
// answer to requests of all kinds: the client hears one reply to each request, in order, of its
// kind and its key, or is disconnected; and no value that no member has said.
//
// The first six bytes are settings, the seed, the greatest size of the pieces and which requests
// are made; see fuzz_script.h for the rest.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/stream/simulated_peer.h"
#include "router/fuzz/fuzz_script.h"
#include "router/fuzz/member_of_script.h"
#include "router/fuzz/reply_match.h"
#include "router/fuzz/request_stream.h"
#include "router/fuzz/simulated_router.h"

namespace ringcache::router {
namespace {

constexpr std::size_t kMembers = 3;
constexpr std::size_t kHeldBytes = 300;

// Two bytes of a key in base64: "YQ==" is a.
constexpr absl::string_view kRequests[] = {
    "get a\r\n",
    "get a b c d e f\r\n",
    "gets b\r\n",
    "gets c d c\r\n",
    "gat 10 a\r\n",
    "gats 10 a b c d\r\n",
    "get large\r\n",
    "get a large b\r\n",
    "set a 0 0 5\r\nhello\r\n",
    "set b 0 0 5 noreply\r\nhello\r\nmn\r\n",
    "cas a 0 0 5 7\r\nhello\r\n",
    "append c 0 0 1\r\n!\r\n",
    "incr n 1\r\n",
    "delete a\r\n",
    "touch b 10\r\n",
    "mg a v k c t f\r\nmg b\r\n",
    "mg YQ== b k v O7\r\n",
    "mg c v q\r\nmg d k v q\r\nmn\r\n",
    "ms a 5 k O8\r\nhello\r\nmd b q\r\nma n v k\r\nmn\r\n",
    "mg large v k\r\n",
    "me a\r\nme YQ== b\r\n",
    "stats items\r\nstats reset\r\n",
    "flush_all\r\nflush_all noreply\r\nmn\r\n",
    "",  // a long set: LongSet()
};
constexpr std::size_t kSelectors = 3;
static_assert(std::size(kRequests) == 8 * kSelectors);

std::string LongSet() {
  return absl::StrCat("set large 0 0 ", 4 * kHeldBytes, "\r\n", std::string(4 * kHeldBytes, 'x'),
                      "\r\nget a\r\n");
}

// By the last three bits of the settings.
constexpr absl::string_view kRoutes[] = {
    R"("PoolRoute|A")",
    R"({"type": "ReplicaFailoverRoute", "pool": "A"})",
    R"({"type": "FailoverRoute", "children": ["PoolRoute|A", "PoolRoute|B"]})",
    R"({"type": "MissFailoverRoute", "children": ["PoolRoute|A", "PoolRoute|B"]})",
    R"({"type": "AllSyncRoute", "children": ["PoolRoute|A", "PoolRoute|B"]})",
    R"({"type": "AllMajorityRoute", "children": ["PoolRoute|A", "PoolRoute|B", "PoolRoute|C"]})",
    R"({"type": "WarmUpRoute", "cold": "PoolRoute|A", "warm": "PoolRoute|B"})",
    R"({"type": "BigValueRoute", "target": "PoolRoute|A", "split_threshold": 1024})",
};
constexpr std::uint8_t kRouteBits = 7;
constexpr std::uint8_t kBigValueRoute = 7;
static_assert(std::size(kRoutes) == kRouteBits + 1);

enum Setting : std::uint8_t {
  kTellsErrors = 8,    // in place of misses
  kKeepsCopies = 16,   // of hot keys
  kFewRequests = 32,   // that await replies
  kPausesEarly = 64,   // when few bytes of replies wait
  kCutsOffEarly = 128  // a client for whom a little more waits
};

enum class Command : std::uint8_t {
  kNextMember,
  kNextConnection,  // of the member
  kAnswer,          // the next request, as it should
  kAnswerAll,
  kSayMuch,
  kHangUp,
  kReset,
  kPassMoment,
  kPassSecond,
  kAskAgain,
  kStopReading,  // the client, or it reads again
  kLeave,        // the client
};
constexpr int kCommands = static_cast<int>(Command::kLeave) + 1;

class Run {
 public:
  explicit Run(absl::string_view input) : script_(input), settings_(script_.TakeSetting()) {
    Configure();
    random_.seed(script_.TakeSetting() + 1u);
    most_bytes_ = script_.TakeSetting() + std::size_t{1};
    for (std::size_t i = 0; i < kSelectors; ++i) Choose(i, script_.TakeSetting());
    for (std::size_t i = 0; i < kMembers; ++i) {
      members_.push_back(std::make_unique<MemberOfScript>(router_.network(), router_.loop(),
                                                          SimulatedRouter::AddressOf(i)));
    }
    constexpr absl::string_view kServers = R"({"servers": ["10.0.0.1:11211"]})";
    router_.Start(
        absl::StrCat(R"({"pools": {"A": )", kServers, R"(, "B": )", kServers, R"(, "C": )",
                     kServers, R"(}, "route": )", kRoutes[settings_ & kRouteBits], "}"),
        {{"A", {0, 1, 2}}, {"B", {1, 2}}, {"C", {2}}});
    client_ = router_.Connect();
  }

  void Play() {
    Ask();
    while (!script_.empty()) {
      Say(script_.TakeText());
      if (!script_.empty()) Do(static_cast<Command>(script_.TakeCommand() % kCommands));
    }
    client_->set_reads(true);
    router_.Pass(SimulatedRouter::kLongest);
    CheckReplies();
    router_.End();
  }

 private:
  void Configure() {
    RouterOptions& options = *router_.options();
    options.max_held_value_bytes = kHeldBytes;
    options.routes.max_held_value_bytes = kHeldBytes;
    options.enable_flush = true;
    options.miss_on_get_errors = !(settings_ & kTellsErrors);
    if (settings_ & kKeepsCopies) options.hot_key_cache.ttl = absl::Seconds(1);
    if (settings_ & kFewRequests) options.max_client_outstanding = 2;
    if (settings_ & kPausesEarly) options.client_pause_bytes = 64;
    if (settings_ & kCutsOffEarly) options.max_client_reply_bytes = 4096;
  }

  void Choose(std::size_t selector, std::uint8_t chosen) {
    for (std::size_t bit = 0; bit < 8; ++bit) {
      if (((chosen >> bit) & 1) == 0) continue;
      const absl::string_view request = kRequests[8 * selector + bit];
      absl::StrAppend(&requests_, request.empty() ? LongSet() : request);
    }
  }

  void Ask() {
    if (client_->was_left() || gone_) return;
    RequestStream stream;
    for (const char byte : requests_) {
      if (stream.Take(byte) != RequestStream::Event::kNothing) {
        asked_.push_back(Asked::Of(stream.request()));
      }
    }
    client_->Say(requests_);
    router_.Settle();
  }

  // Long answers in longer pieces: else they would take most of the time.
  void Say(absl::string_view text) {
    const std::size_t most = std::max(most_bytes_, text.size() / 64);
    while (!text.empty()) {
      const std::size_t bytes = std::min(1 + random_() % most, text.size());
      member().Say(text.substr(0, bytes));
      router_.Settle();
      text.remove_prefix(bytes);
    }
  }

  void Do(Command command) {
    switch (command) {
      case Command::kNextMember:
        speaker_ = (speaker_ + 1) % kMembers;
        return;
      case Command::kNextConnection:
        return member().UseNextConnection();
      case Command::kAnswer:
        return Say(member().NextAnswer());
      case Command::kAnswerAll:
        for (std::string answer; !(answer = member().NextAnswer()).empty();) Say(answer);
        return;
      case Command::kSayMuch:
        member().Say(std::string(20'000, 'x'));
        return router_.Settle();
      case Command::kHangUp:
        member().HangUp();
        return router_.Settle();
      case Command::kReset:
        member().Reset();
        return router_.Settle();
      case Command::kPassMoment:
        return router_.Pass(SimulatedRouter::kTimeout / 3);
      case Command::kPassSecond:
        return router_.Pass(absl::Seconds(1));
      case Command::kAskAgain:
        return Ask();
      case Command::kStopReading:
        client_->set_reads(reads_ = !reads_);
        return;
      case Command::kLeave:
        gone_ = true;
        return client_->HangUp();
    }
  }

  void CheckReplies() {
    const absl::string_view heard = client_->received();
    const ReplyMatch match = MatchReplies(asked_, heard, client_->was_left() || gone_);
    Require(match.matches);
    // That route puts values together.
    if ((settings_ & kRouteBits) == kBigValueRoute) return;
    for (const FoundValue& value : match.values) {
      const bool was_said = std::any_of(
          members_.begin(), members_.end(),
          [&value](const auto& member) { return member->HasSaid(value.key, value.bytes); });
      Require(was_said);
    }
  }

  MemberOfScript& member() { return *members_[speaker_]; }

  FuzzScript script_;
  const std::uint8_t settings_;
  std::minstd_rand random_;
  std::size_t most_bytes_ = 1;
  std::string requests_;
  SimulatedRouter router_;
  std::vector<std::unique_ptr<MemberOfScript>> members_;
  std::size_t speaker_ = 0;
  client::SimulatedPeer* client_ = nullptr;
  std::vector<Asked> asked_;
  bool reads_ = true;
  bool gone_ = false;
};

}  // namespace
}  // namespace ringcache::router

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ringcache::router::Run(absl::string_view(reinterpret_cast<const char*>(data), size)).Play();
  return 0;
}

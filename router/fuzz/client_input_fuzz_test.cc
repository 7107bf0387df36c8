// Any bytes as what two clients say, in pieces of any size, to a router over three members: as long
// as nothing fails each hears just what one plain cache for each member would have answered, and
// whatever fails, at most one reply to each request, in order, of its kind and its key.
//
// The first three bytes are settings, the seed and the greatest size of the pieces; see
// fuzz_script.h for the rest.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/simulation/simulated_backend.h"
#include "client/stream/simulated_peer.h"
#include "protocol/request.h"
#include "router/fuzz/fuzz_script.h"
#include "router/fuzz/reference_router.h"
#include "router/fuzz/reply_match.h"
#include "router/fuzz/request_stream.h"
#include "router/fuzz/simulated_router.h"

namespace ringcache::router {
namespace {

constexpr std::size_t kMembers = ReferenceRouter::kMembers;
constexpr std::size_t kClients = 2;
constexpr absl::string_view kConfig = R"({
  "pools": {"A": {"servers": ["10.0.0.1:11211", "10.0.0.2:11211", "10.0.0.3:11211"]}},
  "route": "PoolRoute|A"
})";

enum Setting : std::uint8_t {
  kHoldsLittle = 1,    // longer values stream
  kFewRequests = 2,    // that await replies, of a client
  kShortEvents = 4,    // few requests are read in a wake-up
  kPausesEarly = 8,    // when few bytes of replies wait
  kKeepsCopies = 16,   // of hot keys
  kHasPrefixes = 32,   // keys may begin with routing prefixes
  kFlushes = 64,       // flush_all is passed on
  kTellsErrors = 128,  // in place of misses
};

enum class Command : std::uint8_t {
  kSayZero,
  kOtherClient,
  kPassSecond,
  kComeAnew,  // the client leaves, another one comes
  kEndSaying,
  kStopReading,  // or read again
  kKillMember,   // or bring the next one back
  kSlowMember,   // slower than the router waits, or fast again
  kSilentMember,
  kCutMember,  // it hangs up in the midst of a reply
  kDrain,
};
constexpr int kCommands = static_cast<int>(Command::kDrain) + 1;

struct Client {
  client::SimulatedPeer* peer = nullptr;
  RequestStream stream;
  std::vector<Asked> asked;
  std::string expected;
  bool reads = true;
  bool speaks = true;
};

class Run {
 public:
  explicit Run(absl::string_view input) : script_(input), settings_(script_.TakeSetting()) {
    Configure();
    random_.seed(script_.TakeSetting() + 1u);
    most_bytes_ = script_.TakeSetting() + std::size_t{1};
    for (std::size_t i = 0; i < kMembers; ++i) {
      members_[i] = std::make_unique<client::SimulatedBackend>(router_.loop(), router_.network(),
                                                               SimulatedRouter::AddressOf(i));
    }
    router_.Start(std::string(kConfig), {{"A", {0, 1, 2}}});
    for (Client& client : clients_) client.peer = router_.Connect();
  }

  void Play() {
    while (!script_.empty()) {
      Say(script_.TakeText());
      if (!script_.empty()) Do(static_cast<Command>(script_.TakeCommand() % kCommands));
    }
    for (Client& client : clients_) {
      client.peer->set_reads(client.reads = true);
      router_.Settle();
      if (exact_) CheckExact(client);
    }
    router_.Pass(SimulatedRouter::kLongest);
    for (Client& client : clients_) CheckReplies(&client, client.peer->was_left());
    router_.End();
  }

 private:
  void Configure() {
    RouterOptions& options = *router_.options();
    if (settings_ & kHoldsLittle) options.max_held_value_bytes = 100;
    if (settings_ & kFewRequests) options.max_client_outstanding = 2;
    if (settings_ & kShortEvents) options.max_requests_per_event = 3;
    if (settings_ & kPausesEarly) options.client_pause_bytes = 64;
    if (settings_ & kKeepsCopies) options.hot_key_cache.ttl = absl::Seconds(1);
    options.tree.routing_prefixes = settings_ & kHasPrefixes;
    options.enable_flush = settings_ & kFlushes;
    options.miss_on_get_errors = !(settings_ & kTellsErrors);
  }

  // In pieces, each of which is answered before the next one comes.
  void Say(absl::string_view text) {
    while (!text.empty() && speaker().speaks) {
      const std::size_t most = 1 + random_() % most_bytes_;
      std::size_t bytes = 0;
      bool ends = false;
      while (bytes < std::min(most, text.size()) && !ends) ends = Note(text[bytes++]);
      speaker().peer->Say(text.substr(0, bytes));
      router_.Settle();
      text.remove_prefix(bytes);
      if (exact_) CheckExact(speaker());
    }
  }

  // True if what the speaker has said is to be answered before it goes on.
  bool Note(char byte) {
    Client& client = speaker();
    const bool was_upload = InUpload(client);
    switch (client.stream.Take(byte)) {
      case RequestStream::Event::kNothing:
        return false;
      case RequestStream::Event::kRequest:
        client.asked.push_back(Asked::Of(client.stream.request()));
        if (exact_) Expect(&client);
        // A long value takes another way than what follows it.
        return was_upload || figures_awaited_;
      case RequestStream::Event::kRefused:
        if (!client.stream.error().empty()) client.asked.push_back(Asked::Refused());
        absl::StrAppend(&client.expected, client.stream.error());
        return was_upload;
      case RequestStream::Event::kEnd:
        client.speaks = false;
        return true;
    }
    return false;
  }

  bool InUpload(const Client& client) {
    return client.stream.in_block() &&
           client.stream.request().value_bytes > router_.options()->max_held_value_bytes;
  }

  void Expect(Client* client) {
    const protocol::Request& request = client->stream.request();
    const bool may_have_prefix = request.key_is_base64 || HasPrefix(client->asked.back());
    if ((settings_ & kHasPrefixes) && may_have_prefix) return GiveUpExactness();
    const std::optional<std::string> reply =
        reference_.Answer(request, client->stream.value(), router_.loop()->WallNow());
    if (reply) {
      absl::StrAppend(&client->expected, *reply);
    } else if (client->reads) {
      figures_awaited_ = true;
    } else {
      GiveUpExactness();
    }
  }
  static bool HasPrefix(const Asked& asked) {
    return std::any_of(asked.keys.begin(), asked.keys.end(),
                       [](const std::string& key) { return absl::StartsWith(key, "/"); });
  }
  void GiveUpExactness() { exact_ = figures_awaited_ = false; }

  void CheckExact(Client& client) {
    const absl::string_view heard = client.peer->received();
    if (std::exchange(figures_awaited_, false)) {
      Require(absl::StartsWith(heard, client.expected));
      const absl::string_view figures = heard.substr(client.expected.size());
      Require(MatchReplies({&client.asked.back(), 1}, figures, false).matches);
      client.expected = std::string(heard);
    }
    Require(absl::StartsWith(client.expected, heard));
    if (client.reads) Require(client.expected.size() == heard.size());
    if (client.reads && !client.speaks) Require(client.peer->was_left());
  }

  // `cut`: more replies would have come.
  void CheckReplies(Client* client, bool cut) {
    if (client->stream.in_block()) {
      client->asked.push_back(Asked::Of(client->stream.request()));
      client->asked.back().may_be_unanswered = true;
    }
    Require(MatchReplies(client->asked, client->peer->received(), cut).matches);
  }

  void Do(Command command) {
    Client& client = speaker();
    switch (command) {
      case Command::kSayZero:
        return Say(absl::string_view("\0", 1));
      case Command::kOtherClient:
        speaker_ = 1 - speaker_;
        return;
      case Command::kPassSecond:
        return Pass();
      case Command::kComeAnew:
        CheckReplies(&client, true);
        client.peer->HangUp();
        client = Client();
        client.peer = router_.Connect();
        return;
      case Command::kEndSaying:
        // It may have said more than has left.
        if (client.stream.in_block() || !client.reads) GiveUpExactness();
        client.speaks = false;
        client.peer->EndSaying();
        return;
      case Command::kStopReading:
        client.peer->set_reads(client.reads = !client.reads);
        return;
      case Command::kKillMember:
      case Command::kSlowMember:
      case Command::kSilentMember:
      case Command::kCutMember:
        GiveUpExactness();
        return Disturb(command);
      case Command::kDrain:
        GiveUpExactness();
        return router_.Drain();
    }
  }

  void Pass() {
    // Copies are of what was; and a value that does not come is not waited for.
    bool waits = settings_ & kKeepsCopies;
    for (const Client& client : clients_) waits |= client.stream.in_block();
    if (waits) GiveUpExactness();
    router_.Pass(absl::Seconds(1));
  }

  void Disturb(Command command) {
    Trouble& trouble = troubles_[next_member_];
    client::SimulatedBackend& member = *members_[next_member_];
    next_member_ = (next_member_ + 1) % kMembers;
    switch (command) {
      case Command::kKillMember:
        trouble.dead = !trouble.dead;
        return trouble.dead ? member.Die() : member.ComeBack();
      case Command::kSlowMember:
        trouble.slow = !trouble.slow;
        return member.set_latency(trouble.slow ? 3 * SimulatedRouter::kTimeout / 2
                                               : absl::ZeroDuration());
      case Command::kSilentMember:
        trouble.silent = !trouble.silent;
        return member.set_silent(trouble.silent);
      default:
        return member.DropAfter(10);
    }
  }

  struct Trouble {
    bool dead = false;
    bool slow = false;
    bool silent = false;
  };

  Client& speaker() { return clients_[speaker_]; }

  FuzzScript script_;
  const std::uint8_t settings_;
  std::minstd_rand random_;
  std::size_t most_bytes_ = 1;
  // Nothing has happened that the reference does not know of.
  bool exact_ = true;
  // What members tell of themselves is to be heard at once.
  bool figures_awaited_ = false;
  SimulatedRouter router_;
  std::array<std::unique_ptr<client::SimulatedBackend>, kMembers> members_;
  std::array<Trouble, kMembers> troubles_;
  std::size_t next_member_ = 0;
  ReferenceRouter reference_{[this](absl::string_view key) { return router_.OwnerOf(key); },
                             (settings_ & kFlushes) != 0};
  std::array<Client, kClients> clients_;
  std::size_t speaker_ = 0;
};

}  // namespace
}  // namespace ringcache::router

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ringcache::router::Run(absl::string_view(reinterpret_cast<const char*>(data), size)).Play();
  return 0;
}

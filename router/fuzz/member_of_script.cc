#include "router/fuzz/member_of_script.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "net/simulated_socket.h"
#include "protocol/operation.h"
#include "protocol/request.h"

namespace ringcache::router {
namespace {

constexpr absl::string_view kKeys[] = {"a", "b", "c", "d", "e", "f"};
// Longer than a receive buffer, and than what is held.
constexpr std::size_t kLargeBytes = 100'000;

// Whether `said` has the value behind a line with the key: "VALUE <key> ..." or "VA ... k<key>
// ...".
bool Names(absl::string_view said, absl::string_view key, absl::string_view value) {
  for (std::size_t end; (end = said.find('\n')) != absl::string_view::npos;) {
    const absl::string_view line = said.substr(0, end);
    said.remove_prefix(end + 1);
    const bool names = absl::StrContains(line, absl::StrCat("VALUE ", key, " ")) ||
                       absl::StrContains(line, absl::StrCat(" k", key));
    if (names && absl::StartsWith(said, value)) return true;
  }
  return false;
}

}  // namespace

MemberOfScript::MemberOfScript(net::SimulatedNetwork* network, net::SimulatedLoop* loop,
                               const net::SocketAddress& address)
    : loop_(*loop) {
  const auto store = [this](absl::string_view key, const std::string& value) {
    protocol::Request request;
    request.operation = protocol::Operation::kSet;
    request.key = key;
    (void)cache_.Execute(request, value, loop_.WallNow());
  };
  for (const absl::string_view key : kKeys) store(key, absl::StrCat("value of ", key));
  store("n", "41");
  store("large", std::string(kLargeBytes, 'l'));
  network->Listen(address, [this](net::SimulatedSocket socket) {
    current_ = conversations_.size();
    conversations_.push_back(std::make_unique<Conversation>(std::move(socket)));
  });
}

void MemberOfScript::Say(absl::string_view text) {
  if (conversations_.empty()) return;
  Conversation& conversation = *conversations_[current_];
  absl::StrAppend(&conversation.said, text);
  conversation.peer.Say(text);
}

void MemberOfScript::HangUp() {
  if (!conversations_.empty()) conversations_[current_]->peer.HangUp();
}

void MemberOfScript::Reset() {
  if (!conversations_.empty()) conversations_[current_]->peer.Reset();
}

void MemberOfScript::UseNextConnection() {
  if (!conversations_.empty()) current_ = (current_ + 1) % conversations_.size();
}

std::string MemberOfScript::NextAnswer() {
  if (conversations_.empty()) return "";
  Conversation& conversation = *conversations_[current_];
  const std::string& received = conversation.peer.received();
  while (conversation.answered_bytes < received.size()) {
    switch (conversation.stream.Take(received[conversation.answered_bytes++])) {
      case RequestStream::Event::kRequest:
        return cache_.Execute(conversation.stream.request(), conversation.stream.value(),
                              loop_.WallNow());
      case RequestStream::Event::kRefused:
        return std::string(conversation.stream.error());
      case RequestStream::Event::kNothing:
      case RequestStream::Event::kEnd:
        break;
    }
  }
  return "";
}

bool MemberOfScript::HasSaid(absl::string_view key, absl::string_view value) const {
  return std::any_of(conversations_.begin(), conversations_.end(),
                     [key, value](const auto& conversation) {
                       return key.empty() ? absl::StrContains(conversation->said, value)
                                          : Names(conversation->said, key, value);
                     });
}

}  // namespace ringcache::router

// A session of tests: it records what it is told, and does what its test says.
//
// Thread safety: belongs to its connection's loop.

#ifndef RINGCACHE_NET_SCRIPTED_SESSION_H_
#define RINGCACHE_NET_SCRIPTED_SESSION_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "net/connection.h"

namespace ringcache::net {

class ScriptedSession : public Session {
 public:
  absl::Span<char> LendReceiveBuffer() override {
    ++lent;
    return absl::MakeSpan(buffer);
  }
  Progress OnReceived(std::size_t bytes) override {
    if (bytes == 0) ++empty_calls;
    received.append(buffer.data(), bytes);
    return on_received ? on_received(bytes) : Progress::kContinue;
  }
  Progress OnSent() override {
    ++sent_calls;
    return on_sent ? on_sent() : Progress::kContinue;
  }
  Progress OnPeerEnded() override {
    peer_ended = true;
    return on_peer_ended;
  }
  void OnClosed(CloseReason reason) override {
    EXPECT_FALSE(closed.has_value()) << "OnClosed was called twice";
    closed = reason;
    if (on_closed) on_closed();
  }

  std::function<Progress(std::size_t)> on_received;
  std::function<Progress()> on_sent;
  std::function<void()> on_closed;
  Progress on_peer_ended = Progress::kClose;

  std::vector<char> buffer = std::vector<char>(64 * 1024);
  std::string received;
  int lent = 0;
  int empty_calls = 0;
  int sent_calls = 0;
  bool peer_ended = false;
  std::optional<CloseReason> closed;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_SCRIPTED_SESSION_H_

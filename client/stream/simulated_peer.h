// A server or client of tests in simulated time, which says just what its test tells it to and
// reads when it may.
//
// Thread safety: belongs to its loop's thread.

#ifndef RINGCACHE_CLIENT_STREAM_SIMULATED_PEER_H_
#define RINGCACHE_CLIENT_STREAM_SIMULATED_PEER_H_

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "net/simulated_network.h"
#include "net/simulated_socket.h"
#include "net/socket_address.h"

namespace ringcache::client {

class SimulatedPeer {
 public:
  // Listens on `address`; the last connection is the one that it speaks on.
  SimulatedPeer(net::SimulatedNetwork* network, const net::SocketAddress& address) {
    network->Listen(address, [this](net::SimulatedSocket socket) { Use(std::move(socket)); });
  }
  explicit SimulatedPeer(net::SimulatedSocket socket) { Use(std::move(socket)); }
  SimulatedPeer(const SimulatedPeer&) = delete;
  SimulatedPeer& operator=(const SimulatedPeer&) = delete;

  void Say(absl::string_view text) {
    to_say_.append(text.data(), text.size());
    Work();
  }
  void HangUp() { socket_.Close(); }
  void Reset() { socket_.Reset(); }
  // Says no more, but listens.
  void EndSaying() { socket_.EndSending(); }
  // From now on it takes nothing, or all that comes.
  void set_reads(bool reads) {
    reads_ = reads;
    Work();
  }

  const std::string& received() const { return received_; }
  void ForgetReceived() { received_.clear(); }
  int connections() const { return connections_; }
  // The other side has ended or reset the connection.
  bool was_left() const { return left_; }

 private:
  void Use(net::SimulatedSocket socket) {
    ++connections_;
    received_.clear();
    to_say_.clear();
    left_ = false;
    socket_ = std::move(socket);
    socket_.set_on_change([this] { Work(); });
    Work();
  }

  void Work() {
    while (socket_.valid() && !to_say_.empty() && socket_.writable()) {
      const iovec span{to_say_.data(), to_say_.size()};
      const std::ptrdiff_t sent = socket_.Send(absl::MakeConstSpan(&span, 1));
      if (sent <= 0) break;
      to_say_.erase(0, static_cast<std::size_t>(sent));
    }
    std::array<char, 65536> buffer;
    while (socket_.valid() && reads_ && socket_.readable()) {
      const std::ptrdiff_t bytes = socket_.Receive(absl::MakeSpan(buffer));
      if (bytes <= 0) {
        left_ = true;
        return;
      }
      received_.append(buffer.data(), static_cast<std::size_t>(bytes));
    }
  }

  net::SimulatedSocket socket_;
  std::string received_;
  std::string to_say_;
  bool reads_ = true;
  bool left_ = false;
  int connections_ = 0;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_STREAM_SIMULATED_PEER_H_

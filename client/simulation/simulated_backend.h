// A memcached of tests on a simulated network: it answers from a plain cache, or as badly as the
// test tells it to, and logs what it was asked.
//
//   SimulatedBackend backend(&loop, &network, address);
//   backend.set_latency(absl::Milliseconds(2));
//   backend.AnswerNext(3, "SERVER_ERROR out of memory\r\n");
//
// Thread safety: belongs to the loop's thread. The loop and the network outlive it.

#ifndef RINGCACHE_CLIENT_SIMULATION_SIMULATED_BACKEND_H_
#define RINGCACHE_CLIENT_SIMULATION_SIMULATED_BACKEND_H_

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/simulation/plain_cache.h"
#include "net/connection_context.h"
#include "net/simulated_loop.h"
#include "net/simulated_network.h"
#include "net/simulated_socket.h"
#include "net/socket_address.h"
#include "protocol/operation.h"
#include "protocol/request.h"

namespace ringcache::client {

class SimulatedBackend {
 public:
  // A request as it came.
  struct Seen {
    absl::Duration time;     // on the loop's monotonic clock
    std::size_t connection;  // counted from 0 as they were accepted
    std::string line;        // without its "\r\n"
    std::string value;       // of a request with a data block
  };

  // It listens at `address`.
  SimulatedBackend(net::SimulatedLoop* loop, net::SimulatedNetwork* network,
                   const net::SocketAddress& address);
  ~SimulatedBackend();
  SimulatedBackend(const SimulatedBackend&) = delete;
  SimulatedBackend& operator=(const SimulatedBackend&) = delete;

  const net::SocketAddress& address() const { return address_; }
  PlainCache& cache() { return cache_; }

  // From a request's arrival to its reply's leaving. A request is executed when it arrives, and
  // replies stay in order: a slow one holds up those behind it.
  void set_latency(absl::Duration latency) { latency_ = latency; }
  void SetLatencyOf(protocol::Operation operation, absl::Duration latency) {
    latencies_[operation] = latency;
  }

  // The next `count` requests are answered with `text` and not executed: an error line, or garbage.
  void AnswerNext(std::size_t count, absl::string_view text);
  // As a process that is stuck: requests that come are logged, but never executed or answered.
  void set_silent(bool silent) { silent_ = silent; }
  // As one whose loop hangs: what comes is not even read, until it is read again.
  void StopReading();
  void ResumeReading();
  // The connection on which so many more bytes of replies have left is closed there.
  void DropAfter(std::size_t bytes) { drop_after_bytes_ = bytes; }

  // Connections are reset, new ones refused, and the items are lost.
  void Die();
  // It listens again, there or elsewhere. REQUIRES: Die() was called.
  void ComeBack();
  void ComeBackAt(const net::SocketAddress& address);

  // What it was asked so far, in order.
  const std::vector<Seen>& seen() const { return seen_; }
  std::vector<std::string> seen_lines() const;
  void ForgetSeen() { seen_.clear(); }
  // How many connections were accepted, and how many of them stand.
  std::size_t connections() const { return conversations_.size(); }
  std::size_t open_connections() const;

 private:
  class Conversation;

  void Listen();
  // The reply to a request; nullopt for silence.
  std::optional<std::string> Answer(const protocol::Request& request, absl::string_view value);
  absl::Duration LatencyOf(protocol::Operation operation) const;

  net::SimulatedLoop& loop_;
  net::SimulatedNetwork& network_;
  net::ConnectionContext context_;
  net::SocketAddress address_;
  PlainCache cache_;
  absl::Duration latency_ = absl::ZeroDuration();
  std::map<protocol::Operation, absl::Duration> latencies_;
  std::size_t scripted_answers_ = 0;
  std::string scripted_text_;
  bool silent_ = false;
  bool reading_ = true;
  std::optional<std::size_t> drop_after_bytes_;
  std::vector<Seen> seen_;
  std::vector<std::unique_ptr<Conversation>> conversations_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_SIMULATION_SIMULATED_BACKEND_H_

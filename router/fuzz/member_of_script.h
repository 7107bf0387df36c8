// A member that says what a fuzz input has it say, right or wrong, on any of its connections.
//
// Thread safety: none. The network and the loop outlive it.

#ifndef RINGCACHE_ROUTER_FUZZ_MEMBER_OF_SCRIPT_H_
#define RINGCACHE_ROUTER_FUZZ_MEMBER_OF_SCRIPT_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/simulation/plain_cache.h"
#include "client/stream/simulated_peer.h"
#include "net/simulated_loop.h"
#include "net/simulated_network.h"
#include "net/socket_address.h"
#include "router/fuzz/request_stream.h"

namespace ringcache::router {

class MemberOfScript {
 public:
  MemberOfScript(net::SimulatedNetwork* network, net::SimulatedLoop* loop,
                 const net::SocketAddress& address);

  // On the connection that was accepted last, or that was chosen since. Without one, nothing.
  void Say(absl::string_view text);
  void HangUp();
  void Reset();
  // Of those that were accepted, in turn.
  void UseNextConnection();

  // What a cache would say to the first request on the connection that was not answered so; empty
  // if there is none. The values that it begins with name their keys.
  std::string NextAnswer();

  // Whether it said that this is the value of `key`, or of no key that it named if that is empty.
  bool HasSaid(absl::string_view key, absl::string_view value) const;

 private:
  struct Conversation {
    explicit Conversation(net::SimulatedSocket socket) : peer(std::move(socket)) {}

    client::SimulatedPeer peer;
    std::string said;
    RequestStream stream;
    std::size_t answered_bytes = 0;  // of what was received
  };

  net::SimulatedLoop& loop_;
  client::PlainCache cache_;
  std::vector<std::unique_ptr<Conversation>> conversations_;
  std::size_t current_ = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_FUZZ_MEMBER_OF_SCRIPT_H_

// What the connections to servers of one loop share.
//
// Thread safety: belongs to the loop's thread; the context's counters may be read from any.

#ifndef RINGCACHE_CLIENT_CONNECTION_RESOURCES_H_
#define RINGCACHE_CLIENT_CONNECTION_RESOURCES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "client/flush_queue.h"
#include "client/gate/member_gate.h"
#include "net/buffer_pool.h"
#include "net/connection_context.h"
#include "net/dialer.h"
#include "net/event_loop.h"
#include "net/socket_dialer.h"

namespace ringcache::client {

struct ConnectionResources {
  // `loop` outlives this, and so does `dialer`; without one, connections go to sockets.
  explicit ConnectionResources(net::EventLoop* loop, net::Dialer* dialer = nullptr)
      : loop(loop),
        dialer(dialer != nullptr ? dialer : &socket_dialer),
        context(loop),
        flush_queue(loop) {}
  ConnectionResources(const ConnectionResources&) = delete;
  ConnectionResources& operator=(const ConnectionResources&) = delete;

  // Of what is left to chance: another one for each who asks, in each process. It comes from the
  // loop's clock alone, so that a simulation that is played again is the same.
  std::uint64_t NextSeed() {
    constexpr std::uint64_t kGoldenRatio = 0x9e3779b97f4a7c15;
    return static_cast<std::uint64_t>(absl::ToInt64Nanoseconds(loop->MonotonicNow())) +
           kGoldenRatio * ++seeds;
  }

  net::EventLoop* const loop;
  net::SocketDialer socket_dialer;
  net::Dialer* const dialer;
  net::ConnectionContext context;
  net::BufferPool receive_buffers;
  FlushQueue flush_queue;
  // If not null, members that are made are kept behind its gates. Outlives them.
  MemberGates* gates = nullptr;
  // No call is taken any more: kClosed. For who takes members, and what waits for them, apart.
  bool closing = false;
  // What was received stays where replies were shown until these buffers are given back: for who
  // sends replies on at the end of a wake-up. To be set before the first connection is made.
  bool keep_received = false;
  std::vector<net::BufferPool::Buffer> received;
  // Told, if it is not null, of each wake-up of a connection that leaves buffers there: also what
  // nobody wants, and so nobody sends on, has to be given back.
  std::function<void()> on_received;
  // Values of replies that are longer than this, and than a receive buffer, are told in parts
  // (ReplyReceiver::OnLongValue). To be set before the first connection is made.
  std::size_t max_held_value_bytes = std::numeric_limits<std::size_t>::max();
  std::uint64_t seeds = 0;  // that were given
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_CONNECTION_RESOURCES_H_

// What the connections of one worker share, so that each of them holds one pointer for it.
//
// Thread safety: written by the worker only; the counters may be read from any thread.

#ifndef RINGCACHE_NET_CONNECTION_CONTEXT_H_
#define RINGCACHE_NET_CONNECTION_CONTEXT_H_

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"
#include "net/event_loop.h"

namespace ringcache::net {

struct ConnectionOptions {
  // How long a graceful close waits for the peer to take what is pending and to close its end. Long
  // enough for a round trip with a few retransmissions; bounds what a peer that vanished can hold.
  absl::Duration linger = absl::Seconds(2);
};

// One writer, so that adding needs no locked instruction: load, add, store.
class TrafficCounter {
 public:
  void Add(std::uint64_t count) {
    // Relaxed: a statistic, ordered with nothing.
    value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// alignas: no other worker's writes share its cache line.
struct alignas(64) ConnectionContext {
  ConnectionContext(EventLoop* loop, const ConnectionOptions& options)
      : loop(loop), options(options) {}
  explicit ConnectionContext(EventLoop* loop) : ConnectionContext(loop, ConnectionOptions()) {}

  EventLoop* const loop;
  const ConnectionOptions options;

  TrafficCounter bytes_received;
  TrafficCounter bytes_sent;
  TrafficCounter opened;
  TrafficCounter closed;
  TrafficCounter blocked_sends;  // the kernel took less than all
  TrafficCounter yields;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_CONNECTION_CONTEXT_H_

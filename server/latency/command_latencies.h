// How long the requests of one worker took, by class of command: from the wake-up that executed
// them until their replies were handed to the kernel. Requests that share replies took equally
// long, so that the clock is read once for all of them and not once a request.
//
// Thread safety: the worker counts and records; any thread may call CountOf, AddTo and Reset.

#ifndef RINGCACHE_SERVER_LATENCY_COMMAND_LATENCIES_H_
#define RINGCACHE_SERVER_LATENCY_COMMAND_LATENCIES_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "metrics/latency_histogram.h"
#include "protocol/command_class.h"
#include "protocol/operation.h"

namespace ringcache::server {

class CommandLatencies {
 public:
  // A request was executed: a line, however many keys it asks for.
  void Count(protocol::Operation operation) {
    ++counted_[static_cast<std::size_t>(protocol::CommandClassOf(operation))];
    any_ = true;
  }
  bool any() const { return any_; }
  // The requests counted since the last call took so long, each.
  void Record(std::int64_t took_ns);

  // How many were recorded since the last reset.
  std::uint64_t CountOf(protocol::CommandClass command_class) const;
  // Adds what was recorded since the last reset.
  void AddTo(protocol::CommandClass command_class, metrics::LatencyHistogram* histogram) const;
  // What was recorded so far counts no more.
  void Reset() { wanted_reset_.fetch_add(1, std::memory_order_relaxed); }

 private:
  void Clear(std::uint64_t wanted);
  // What was recorded is of before the last reset.
  bool is_stale() const {
    return done_reset_.load(std::memory_order_acquire) !=
           wanted_reset_.load(std::memory_order_relaxed);
  }

  // The worker's own.
  std::array<std::uint32_t, protocol::kCommandClassCount> counted_{};
  bool any_ = false;
  // Only the worker may write a histogram: it clears them before it records again, and until then
  // nobody counts what they hold. Relaxed where it is asked for, as a number orders nothing;
  // done_reset_ is released, so that who sees it sees the cleared histograms.
  std::atomic<std::uint64_t> wanted_reset_{0};
  std::atomic<std::uint64_t> done_reset_{0};
  std::array<metrics::LatencyHistogram, protocol::kCommandClassCount> histograms_;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_LATENCY_COMMAND_LATENCIES_H_

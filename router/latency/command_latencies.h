// How long the requests of one worker's clients took, by class of command: from the wake-up that
// read a request to the one that completed its reply, whatever the reply says. What is answered at
// once took no time.
//
// A retrieval is one request, however many keys it asks for; of one whose line is too long to be
// read at once, each part is. A value that streams is read with the request, so its client's time
// is in it.
//
// Thread safety: the worker records, any thread reads.

#ifndef RINGCACHE_ROUTER_LATENCY_COMMAND_LATENCIES_H_
#define RINGCACHE_ROUTER_LATENCY_COMMAND_LATENCIES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "metrics/latency_histogram.h"
#include "protocol/command_class.h"
#include "protocol/operation.h"

namespace ringcache::router {

class CommandLatencies {
 public:
  void Record(protocol::Operation operation, std::int64_t took_ns) {
    const auto command_class = static_cast<std::size_t>(protocol::CommandClassOf(operation));
    histograms_[command_class].Record(static_cast<std::uint64_t>(took_ns));
  }
  void RecordAtOnce(protocol::Operation operation) { Record(operation, 0); }

  const metrics::LatencyHistogram& of(protocol::CommandClass command_class) const {
    return histograms_[static_cast<std::size_t>(command_class)];
  }

 private:
  std::array<metrics::LatencyHistogram, protocol::kCommandClassCount> histograms_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_LATENCY_COMMAND_LATENCIES_H_

// How long the requests of one worker's clients took, by class of command: from the wake-up that
// read a request to the one that completed its reply, whatever the reply says. What is answered at
// once took no time.
//
// Counts as OperationCounters do: each key of a retrieval took as long as its line. A value that
// streams is read with the request, so its client's time is in it.
//
// Thread safety: the worker records, any thread reads.

#ifndef RINGCACHE_ROUTER_LATENCY_COMMAND_LATENCIES_H_
#define RINGCACHE_ROUTER_LATENCY_COMMAND_LATENCIES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "metrics/latency_histogram.h"
#include "protocol/operation.h"
#include "router/latency/command_class.h"

namespace ringcache::router {

class CommandLatencies {
 public:
  // So many requests took `took_ns` each.
  void Record(protocol::Operation operation, std::int64_t took_ns, std::size_t requests) {
    histograms_[IndexOf(operation)].RecordMany(static_cast<std::uint64_t>(took_ns), requests);
  }
  void RecordAtOnce(protocol::Operation operation) { histograms_[IndexOf(operation)].Record(0); }

  const metrics::LatencyHistogram& of(CommandClass command_class) const {
    return histograms_[static_cast<std::size_t>(command_class)];
  }

 private:
  static constexpr auto kIndices = [] {
    std::array<std::uint8_t, protocol::kOperationCount> indices{};
    for (std::size_t i = 0; i < indices.size(); ++i) {
      indices[i] = static_cast<std::uint8_t>(CommandClassOf(static_cast<protocol::Operation>(i)));
    }
    return indices;
  }();
  static std::size_t IndexOf(protocol::Operation operation) {
    return kIndices[static_cast<std::size_t>(operation)];
  }

  std::array<metrics::LatencyHistogram, kCommandClassCount> histograms_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_LATENCY_COMMAND_LATENCIES_H_

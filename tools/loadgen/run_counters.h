// What one worker counts and times. The worker writes; anybody may read meanwhile.

#ifndef RINGCACHE_TOOLS_LOADGEN_RUN_COUNTERS_H_
#define RINGCACHE_TOOLS_LOADGEN_RUN_COUNTERS_H_

#include <cstdint>

#include "metrics/counter.h"
#include "metrics/latency_histogram.h"

namespace ringcache::loadgen {

enum class LoadCounter : std::uint8_t {
  kRequests,  // completed, with whatever outcome
  kHits,      // keys of gets
  kMisses,
  kDone,     // sets, adds and deletes that did what they say
  kRefused,  // adds that found the key, deletes that did not
  kErrors,   // error replies
  kCount,
};

using LoadCounters = metrics::CounterBlock<LoadCounter>;

// What a worker measured, and what went wrong at any time.
struct WorkerResults {
  LoadCounters counters;  // of what completed in the measured window
  // Of what was due in the measured window, whenever it was answered. What was not answered counts
  // with the time that it was waited for.
  metrics::LatencyHistogram latency;
  std::int64_t window_ns = 0;         // how long the measured window really was
  metrics::Counter unanswered;        // sent, no reply
  metrics::Counter unsent;            // open loop: due, and never sent as no connection was free
  metrics::Counter invalid_replies;   // each ends its connection
  metrics::Counter lost_connections;  // ended by the server, or for an invalid reply
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_RUN_COUNTERS_H_

// What one worker counts: written by that worker alone, summed by whoever answers `stats`.
//
// Thread safety: one writer; any thread may read.

#ifndef RINGCACHE_ROUTER_ROUTER_COUNTERS_H_
#define RINGCACHE_ROUTER_ROUTER_COUNTERS_H_

#include <cstdint>

#include "metrics/counter.h"

namespace ringcache::router {

enum class RouterCounter : std::uint8_t {
  kRequests,  // each key of a retrieval counts
  kGets,      // by operation class, as route_request.h has them
  kUpdates,
  kDeletes,
  kArithmetic,
  kTouches,
  kOthers,
  kHits,  // retrieval: keys that were found
  kMisses,
  kHotKeyHits,   // of the hits, those that no member was asked for
  kErrors,       // SERVER_ERROR to a client, or a get's error that became a miss
  kFailedFirst,  // the first member gave no reply, and a route went on
  kCalls,        // requests that took the long way
  kConnectionsOpened,
  kConnectionsClosed,
  kRejectedConnections,
  kSlowClients,  // disconnected since they left too many replies untaken
  kPauses,       // nothing more was read from a client for a while
  kYields,
  kCount,
};

using RouterCounters = metrics::CounterBlock<RouterCounter>;

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTER_COUNTERS_H_

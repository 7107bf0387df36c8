// What one worker counts: written by that worker alone, summed by whoever answers `stats`.
//
// Thread safety: one writer; any thread may read.

#ifndef RINGCACHE_ROUTER_ROUTER_COUNTERS_H_
#define RINGCACHE_ROUTER_ROUTER_COUNTERS_H_

#include <cstddef>
#include <cstdint>

#include "client/call_failure.h"
#include "metrics/counter.h"
#include "protocol/operation.h"

namespace ringcache::router {

enum class RouterCounter : std::uint8_t {
  kHits,  // retrieval, mg included: keys that were found
  kMisses,
  kHotKeyHits,   // of the hits, those that no member was asked for
  kErrors,       // SERVER_ERROR to a client, or a get's error that became a miss
  kNoRoutes,     // keys whose routing prefix no route has
  kInvalid,      // lines that are no request
  kFailedFirst,  // the first member gave no reply, and a route went on
  kCalls,        // requests that took the long way
  kBroadcasts,   // requests to every member
  kConnectionsOpened,
  kConnectionsClosed,
  kRejectedConnections,
  kSlowClients,  // disconnected since they left too many replies untaken
  kPauses,       // nothing more was read from a client for a while
  kYields,
  kCount,
};

using RouterCounters = metrics::CounterBlock<RouterCounter>;

// Requests; each key of a retrieval counts.
using OperationCounters = metrics::CounterBlock<protocol::Operation, protocol::kOperationCount>;

// Why members gave no reply: the first that was asked, or all that routes asked.
inline constexpr std::size_t kFailureCount =
    static_cast<std::size_t>(client::CallFailure::kClosed) + 1;
using FailureCounters = metrics::CounterBlock<client::CallFailure, kFailureCount>;

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTER_COUNTERS_H_

// Plays a trace against a target and counts what hit.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_TRACE_REPLAY_H_
#define RINGCACHE_TOOLS_TRACE_REPLAY_H_

#include <cstddef>
#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "tools/trace/hit_counts.h"
#include "tools/trace/replay_target.h"
#include "tools/trace/trace_request.h"

namespace ringcache::trace {

struct ReplayResult {
  std::uint64_t requests = 0;
  HitCounts hits;
  double seconds = 0;  // of wall clock
};

// `source` has `requests` requests, which says where the second half begins. `batch` of them are
// given to the target at a time. `progress` may be empty; it is told the share done, from time to
// time.
absl::StatusOr<ReplayResult> ReplayTrace(TraceSource* source, std::uint64_t requests,
                                         std::size_t batch, ReplayTarget* target,
                                         const std::function<void(double)>& progress);

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_REPLAY_H_

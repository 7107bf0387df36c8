// The reply to `stats latency`, in microseconds:
//
//   STAT get:count 12                     a class of commands
//   STAT cache/10.0.0.1:11211:p99 240.0   a member of the pool "cache"
//
// Thread safety: a pure function.

#ifndef RINGCACHE_ADMIN_BACKEND_LATENCY_REPORT_H_
#define RINGCACHE_ADMIN_BACKEND_LATENCY_REPORT_H_

#include <string>

#include "absl/types/span.h"
#include "admin/backend/stats.h"

namespace ringcache::admin {

// Of each: count, mean, p50, p90, p99, p99.9, max.
std::string LatencyReport(absl::Span<const LatencySeries> latencies);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_BACKEND_LATENCY_REPORT_H_

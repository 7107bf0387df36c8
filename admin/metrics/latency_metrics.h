// Histograms of how long requests took, with cumulative buckets.
//
// Thread safety: a function only.

#ifndef RINGCACHE_ADMIN_METRICS_LATENCY_METRICS_H_
#define RINGCACHE_ADMIN_METRICS_LATENCY_METRICS_H_

#include <vector>

#include "admin/backend/stats.h"
#include "admin/metrics/families.h"

namespace ringcache::admin {

// A bucket may count what is up to LatencyHistogram::kMaxRelativeError above its bound.
void AddLatencies(const std::vector<LatencySeries>& series, Families* families);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_METRICS_LATENCY_METRICS_H_

// Metrics of the rings that a process has or observes.
//
// Thread safety: a function only.

#ifndef RINGCACHE_ADMIN_METRICS_RING_METRICS_H_
#define RINGCACHE_ADMIN_METRICS_RING_METRICS_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "admin/backend/ring_view.h"
#include "admin/metrics/families.h"

namespace ringcache::admin {

// ringcache_discovery_ready, but for a process that observes no ring, and what is known of each.
void AddRings(const absl::StatusOr<std::vector<std::shared_ptr<const RingView>>>& rings,
              Families* families);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_METRICS_RING_METRICS_H_

// The metrics of memcached's exporter for Prometheus (memcached_exporter 0.16): names, types and
// labels are its, so that dashboards and alerts made for it go on to work. The types of a few are
// not what their names say, which is kept, too.
//
// Thread safety: a function only.

#ifndef RINGCACHE_ADMIN_METRICS_MEMCACHED_METRICS_H_
#define RINGCACHE_ADMIN_METRICS_MEMCACHED_METRICS_H_

#include "absl/status/statusor.h"
#include "admin/backend/backend.h"
#include "admin/backend/stats.h"
#include "admin/metrics/families.h"

namespace ringcache::admin {

// memcached_up, and the rest if there are statistics.
void AddMemcached(const ProgramInfo& program, const absl::StatusOr<Stats>& stats,
                  Families* families);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_METRICS_MEMCACHED_METRICS_H_

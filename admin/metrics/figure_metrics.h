// Our own metrics of the figures that memcached's exporter has no names for: of the process, its
// workers, a router, and the members of its pools.
//
// Thread safety: a function only.

#ifndef RINGCACHE_ADMIN_METRICS_FIGURE_METRICS_H_
#define RINGCACHE_ADMIN_METRICS_FIGURE_METRICS_H_

#include "admin/backend/stats.h"
#include "admin/metrics/families.h"

namespace ringcache::admin {

void AddFigureMetrics(const Stats& stats, Families* families);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_METRICS_FIGURE_METRICS_H_

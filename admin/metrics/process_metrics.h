// Metrics of the process itself, with the names that Prometheus' client libraries give them.
//
// Thread safety: a function only.

#ifndef RINGCACHE_ADMIN_METRICS_PROCESS_METRICS_H_
#define RINGCACHE_ADMIN_METRICS_PROCESS_METRICS_H_

#include "admin/metrics/families.h"

namespace ringcache::admin {

// What the kernel does not tell is left out.
void AddProcess(Families* families);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_METRICS_PROCESS_METRICS_H_

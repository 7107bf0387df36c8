// Metrics of what a process is and how it is: program, health, drain.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ADMIN_METRICS_STATE_METRICS_H_
#define RINGCACHE_ADMIN_METRICS_STATE_METRICS_H_

#include "admin/backend/backend.h"
#include "admin/backend/drain.h"
#include "admin/backend/health.h"
#include "admin/metrics/families.h"

namespace ringcache::admin {

void AddProgram(const ProgramInfo& program, Families* families);
void AddHealth(const Health& health, Families* families);
void AddDrain(const DrainProgress& progress, Families* families);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_METRICS_STATE_METRICS_H_

// What a backend tells of its health, its numbers and its keys, as messages of admin.proto.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ADMIN_SERVICE_STATS_MESSAGES_H_
#define RINGCACHE_ADMIN_SERVICE_STATS_MESSAGES_H_

#include <vector>

#include "absl/types/span.h"
#include "admin/backend/backend.h"
#include "admin/proto/admin.pb.h"

namespace ringcache::admin {

// Each adds to an empty message.
void Describe(const ProgramInfo& program, v1::Program* message);
void Describe(const Health& health, v1::Health* message);
void Describe(const Stats& stats, v1::Stats* message);
// REQUIRES: each of `percentiles` is from 0 to 100.
void Describe(const std::vector<LatencySeries>& all, absl::Span<const double> percentiles,
              v1::Latencies* message);
void Describe(const std::vector<Setting>& settings, v1::Settings* message);
void Describe(const std::vector<HotKey>& keys, v1::HotKeys* message);
void Describe(const DrainProgress& progress, v1::DrainProgress* message);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_STATS_MESSAGES_H_

// Statistics of pods as tables.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_RINGCTL_STATS_TEXT_H_
#define RINGCACHE_TOOLS_RINGCTL_STATS_TEXT_H_

#include <string>

#include "tools/ringctl/answers.pb.h"
#include "tools/ringctl/command_line.h"

namespace ringcache::ringctl {

// Totals since each pod's start. A row for each pod, or what the group is of, and for a pod that is
// not known one that says why; kAll has a column for each pod instead.
std::string StatsText(const Pods& now, StatsGroup group);

// The same, but of what is counted, what was counted from `before` on, `seconds` ago: so many a
// second. A pod that `before` does not have has dashes. kAll has totals all the same. REQUIRES:
// seconds > 0.
std::string StatsRatesText(const Pods& before, const Pods& now, double seconds, StatsGroup group);

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_STATS_TEXT_H_

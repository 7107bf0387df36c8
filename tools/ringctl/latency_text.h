// Latencies as text: the numbers, and where they lie on a logarithmic scale.
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_RINGCTL_LATENCY_TEXT_H_
#define RINGCACHE_TOOLS_RINGCTL_LATENCY_TEXT_H_

#include <string>

#include "admin/proto/admin.pb.h"

namespace ringcache::ringctl {

// A row for each class of commands, then one for each member: how many, their mean and percentiles,
// and a bar from the lowest percentile to the highest, the darker the more requests it has.
std::string LatenciesText(const admin::v1::Latencies& latencies);

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_LATENCY_TEXT_H_

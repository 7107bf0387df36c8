// What a run came to, for people and for programs.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_LOADGEN_LOAD_REPORT_H_
#define RINGCACHE_TOOLS_LOADGEN_LOAD_REPORT_H_

#include <string>

#include "tools/loadgen/load_options.h"
#include "tools/loadgen/load_run.h"

namespace ringcache::loadgen {

// A few lines.
std::string SummarizeRun(const LoadOptions& options, const RunTotals& totals);

// One JSON object:
//   parameters   every option by name, as text
//   counts       requests hits misses done refused errors unanswered unsent invalid_replies
//                lost_connections
//   clean        whether the counts allow the figures to be believed
//   problem      what first went wrong, or ""
//   window_s  prefill_s  requests_per_s  keys_per_s
//   latency_us   count mean p50 p90 p95 p99 p99_9 p99_99 max
//   server_cpu   total_s user_s system_s us_per_request; only with --server-pid
std::string RunAsJson(const LoadOptions& options, const RunTotals& totals);

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_LOAD_REPORT_H_

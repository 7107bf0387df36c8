// A run: the trace against every target at every memory size, and the reference policies beside.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_TRACE_TRACE_RUN_H_
#define RINGCACHE_TOOLS_TRACE_TRACE_RUN_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/trace/hit_counts.h"
#include "tools/trace/replay.h"
#include "tools/trace/replay_target.h"
#include "tools/trace/trace_options.h"

namespace ringcache::trace {

struct TargetRow {
  std::string target;
  bool in_trace_time = false;  // lifetimes follow the trace's clock, not the wall's
  ReplayResult replay;
  TargetFigures figures;
  // Simulated, with as many items as the target held at the end.
  std::optional<HitCounts> lru;
  std::optional<HitCounts> static_optimum;
};

struct TraceResults {
  std::uint64_t requests = 0;
  std::uint64_t reads = 0;
  std::uint64_t keys = 0;
  std::uint64_t skipped = 0;  // requests that have no replay
  bool has_lifetimes = false;
  double mean_item_bytes = 0;  // key and value, over all requests but deletes
  std::vector<TargetRow> rows;
};

// `progress` may be empty; it is told what is being done, from time to time.
absl::StatusOr<TraceResults> RunTrace(const TraceOptions& options,
                                      const std::function<void(absl::string_view)>& progress);

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_TRACE_RUN_H_

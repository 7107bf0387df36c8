// A whole run: threads, their loops and connections, phases in step, and what it all came to.

#ifndef RINGCACHE_TOOLS_LOADGEN_LOAD_RUN_H_
#define RINGCACHE_TOOLS_LOADGEN_LOAD_RUN_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "metrics/latency_histogram.h"
#include "tools/loadgen/load_options.h"
#include "tools/loadgen/run_counters.h"
#include "tools/loadgen/server_cpu.h"

namespace ringcache::loadgen {

// All workers' results together.
struct RunTotals {
  LoadCounters::Totals counters;
  metrics::LatencyHistogram latency;
  double requests_per_s = 0;  // the sum of the workers' rates
  double window_s = 0;        // the longest of the workers' windows
  double prefill_s = 0;       // 0: nothing was stored first
  std::uint64_t unanswered = 0;
  std::uint64_t unsent = 0;
  std::uint64_t invalid_replies = 0;
  std::uint64_t lost_connections = 0;
  std::optional<CpuTime> server_cpu;  // with --server-pid
  std::string problem;                // the first thing that went wrong; empty: nothing did

  // Whether every request was answered, and by no error: the figures stand for what was asked.
  bool clean() const {
    return problem.empty() && counters[LoadCounter::kErrors] == 0 && unanswered == 0 &&
           invalid_replies == 0;
  }
};

// Runs `options`, which have been validated; blocks until all is over. Fails if the target cannot
// be reached or prefilled, or --server-pid is nobody. `progress` gets a line each second and may be
// null.
absl::StatusOr<RunTotals> RunLoad(const LoadOptions& options,
                                  const std::function<void(absl::string_view)>& progress);

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_LOAD_RUN_H_

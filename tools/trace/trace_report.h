// The results of a run for people and for programs.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_TRACE_TRACE_REPORT_H_
#define RINGCACHE_TOOLS_TRACE_TRACE_REPORT_H_

#include <string>
#include <vector>

#include "tools/trace/curve.h"
#include "tools/trace/trace_options.h"
#include "tools/trace/trace_run.h"

namespace ringcache::trace {

// A table, one row per target and memory size, with its footnotes.
std::string SummarizeResults(const TraceOptions& options, const TraceResults& results);

// A JSON object with every figure of the run; what is unknown is null.
std::string ResultsAsJson(const TraceOptions& options, const TraceResults& results);

// A series per target, and those of the reference policies with as many items as the first target
// held. Miss ratios of the second half.
std::vector<CurveSeries> CurveOf(const TraceResults& results);

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_TRACE_REPORT_H_

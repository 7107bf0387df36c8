// Draws miss-ratio curves for a terminal.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_TRACE_CURVE_PLOT_H_
#define RINGCACHE_TOOLS_TRACE_CURVE_PLOT_H_

#include <string>
#include <vector>

#include "tools/trace/curve.h"

namespace ringcache::trace {

// At most 100 columns wide: memory on a logarithmic axis, the miss ratio on a linear one from 0.
// Empty for no series. REQUIRES: at most kMaxSeries.
std::string PlotCurve(const std::vector<CurveSeries>& series);

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_CURVE_PLOT_H_

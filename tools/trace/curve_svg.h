// Draws miss-ratio curves as an SVG document.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_TRACE_CURVE_SVG_H_
#define RINGCACHE_TOOLS_TRACE_CURVE_SVG_H_

#include <string>
#include <vector>

#include "tools/trace/curve.h"

namespace ringcache::trace {

// Axes as PlotCurve has them; each line is named at its end. REQUIRES: at most kMaxSeries.
std::string DrawCurveAsSvg(const std::vector<CurveSeries>& series, const std::string& title);

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_CURVE_SVG_H_

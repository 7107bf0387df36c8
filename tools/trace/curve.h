// A miss-ratio curve: how the misses fall as memory grows.
//
// Thread safety: plain values.

#ifndef RINGCACHE_TOOLS_TRACE_CURVE_H_
#define RINGCACHE_TOOLS_TRACE_CURVE_H_

#include <string>
#include <vector>

namespace ringcache::trace {

struct CurvePoint {
  double memory_mib = 0;  // above 0
  double miss_ratio = 0;  // 0 .. 1
};

struct CurveSeries {
  std::string name;
  bool simulated = false;          // a reference, not a measurement
  std::vector<CurvePoint> points;  // memory ascends; at least one
};

// As many as can be told apart.
inline constexpr int kMaxSeries = 8;

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_CURVE_H_

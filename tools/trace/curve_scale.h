// The axes of a miss-ratio curve, for whoever draws it.
//
// Thread safety: immutable.

#ifndef RINGCACHE_TOOLS_TRACE_CURVE_SCALE_H_
#define RINGCACHE_TOOLS_TRACE_CURVE_SCALE_H_

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include "tools/trace/curve.h"

namespace ringcache::trace {

class CurveScale {
 public:
  // REQUIRES: there is a series.
  explicit CurveScale(const std::vector<CurveSeries>& series) {
    double highest = 0;
    for (const CurveSeries& one : series) {
      for (const CurvePoint& point : one.points) {
        memories_.push_back(point.memory_mib);
        highest = std::max(highest, point.miss_ratio);
      }
    }
    std::sort(memories_.begin(), memories_.end());
    memories_.erase(std::unique(memories_.begin(), memories_.end()), memories_.end());
    // The least of these steps that needs at most five to reach the highest point.
    constexpr double kSteps[] = {0.01, 0.02, 0.05, 0.1, 0.2};
    step_ = *std::find_if(std::begin(kSteps), std::prev(std::end(kSteps)),
                          [&](double step) { return step * 5 >= highest; });
    top_ = std::max(step_, std::ceil(highest / step_ - 1e-9) * step_);
  }

  // All sizes that a point has, ascending, each once.
  const std::vector<double>& memories() const { return memories_; }
  double top() const { return top_; }    // of the vertical axis, a multiple of step()
  double step() const { return step_; }  // between its labels

  // Where a size lies on the horizontal axis, 0 .. 1.
  double Across(double memory_mib) const {
    if (memories_.size() < 2) return 0.5;
    const double low = std::log(memories_.front());
    return (std::log(memory_mib) - low) / (std::log(memories_.back()) - low);
  }
  // How high a ratio lies, 0 .. 1.
  double Up(double miss_ratio) const { return miss_ratio / top_; }

 private:
  std::vector<double> memories_;
  double step_ = 0.2;
  double top_ = 1;
};

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_CURVE_SCALE_H_

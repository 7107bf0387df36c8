#include "tools/trace/curve_plot.h"

#include <fstream>
#include <iterator>
#include <string>

#include "gtest/gtest.h"

namespace ringcache::trace {
namespace {

TEST(PlotCurve, DrawsWhatTheGoldenTextShows) {
  const std::vector<CurveSeries> series = {
      {"in process", false, {{16, 0.31}, {32, 0.24}, {64, 0.19}, {128, 0.12}}},
      {"memcached", false, {{16, 0.36}, {32, 0.27}, {64, 0.22}, {128, 0.15}}},
      {"LRU", true, {{16, 0.36}, {32, 0.28}, {64, 0.23}, {128, 0.16}}}};
  std::ifstream file("tools/trace/testdata/curve.txt");
  const std::string golden(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(PlotCurve(series), golden) << PlotCurve(series);
}

TEST(PlotCurve, TakesOnePointAndNone) {
  EXPECT_EQ(PlotCurve({}), "");
  EXPECT_NE(PlotCurve({{"one", false, {{64, 0}}}}).find("64 MiB"), std::string::npos);
  EXPECT_NE(PlotCurve({{"all", false, {{64, 1}}}}).find("  1.00 ┤"), std::string::npos);
}

}  // namespace
}  // namespace ringcache::trace

#include "tools/trace/curve_svg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "tools/trace/curve.h"
#include "tools/trace/curve_scale.h"

namespace ringcache::trace {
namespace {

constexpr double kWidth = 860, kHeight = 480;
constexpr double kLeft = 80, kRight = 610, kTop = 60, kBottom = 400;
constexpr double kNameGap = 18;  // between the baselines of two names

// Okabe and Ito's colours, which also those who see few colours can tell apart, black first.
constexpr std::array<absl::string_view, kMaxSeries> kColours = {
    "#000000", "#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c8c00"};

std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(text,
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

class Drawing {
 public:
  explicit Drawing(const std::vector<CurveSeries>& series) : scale_(series) {}

  std::string Axes() const;
  std::string Line(const CurveSeries& series, absl::string_view colour) const;
  std::string Names(const std::vector<CurveSeries>& series) const;

 private:
  double X(double memory_mib) const { return kLeft + scale_.Across(memory_mib) * (kRight - kLeft); }
  double Y(double miss_ratio) const { return kBottom - scale_.Up(miss_ratio) * (kBottom - kTop); }
  const CurveScale scale_;
};

std::string Drawing::Axes() const {
  std::string out;
  const int steps = static_cast<int>(std::lround(scale_.top() / scale_.step()));
  for (int i = 0; i <= steps; ++i) {
    const double ratio = i * scale_.step();
    absl::StrAppendFormat(&out,
                          "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>\n",
                          kLeft, Y(ratio), kRight, Y(ratio), i == 0 ? "#333333" : "#dddddd");
    absl::StrAppendFormat(&out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%.2f</text>\n",
                          kLeft - 10, Y(ratio) + 5, ratio);
  }
  double free_from = 0;  // labels that would overlap are left out
  for (const double memory : scale_.memories()) {
    absl::StrAppendFormat(
        &out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#333333\"/>\n",
        X(memory), kBottom, X(memory), kBottom + 6);
    if (X(memory) < free_from) continue;
    free_from = X(memory) + 40;
    absl::StrAppendFormat(&out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%g</text>\n",
                          X(memory), kBottom + 24, memory);
  }
  absl::StrAppendFormat(&out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n",
                        (kLeft + kRight) / 2, kBottom + 54, "memory limit, MiB (logarithmic)");
  absl::StrAppendFormat(
      &out,
      "<text x=\"24\" y=\"%.1f\" text-anchor=\"middle\" transform=\"rotate(-90 24 %.1f)\">"
      "miss ratio, second half of the trace</text>\n",
      (kTop + kBottom) / 2, (kTop + kBottom) / 2);
  return out;
}

std::string Drawing::Line(const CurveSeries& series, absl::string_view colour) const {
  std::string points;
  std::string dots;
  for (const CurvePoint& point : series.points) {
    const double x = X(point.memory_mib), y = Y(point.miss_ratio);
    absl::StrAppendFormat(&points, "%s%.1f,%.1f", points.empty() ? "" : " ", x, y);
    absl::StrAppendFormat(
        &dots, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%s\" fill=\"%s\"><title>%s</title></circle>\n",
        x, y, series.simulated ? "2.5" : "4", colour,
        absl::StrFormat("%s, %g MiB: %.4f", Escaped(series.name), point.memory_mib,
                        point.miss_ratio));
  }
  return absl::StrFormat(
             "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s/>\n",
             points, colour, series.simulated ? "1.5" : "2.5",
             series.simulated ? " stroke-dasharray=\"6 4\"" : "") +
         dots;
}

// Each name beside the end of its line, moved down where two would overlap.
std::string Drawing::Names(const std::vector<CurveSeries>& series) const {
  std::vector<std::size_t> order(series.size());
  std::iota(order.begin(), order.end(), 0);
  const auto end_of = [&](std::size_t i) { return Y(series[i].points.back().miss_ratio); };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return end_of(a) != end_of(b) ? end_of(a) < end_of(b) : a < b;
  });
  std::string out;
  double free_from = 0;
  for (const std::size_t i : order) {
    const double y = std::max(end_of(i) + 5, free_from);
    free_from = y + kNameGap;
    absl::StrAppendFormat(&out, "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s%s</text>\n",
                          kRight + 12, y, kColours[i], Escaped(series[i].name),
                          series[i].simulated ? " (simulated)" : "");
  }
  return out;
}

}  // namespace

std::string DrawCurveAsSvg(const std::vector<CurveSeries>& series, const std::string& title) {
  std::string out = absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" width=\"%g\" height=\"%g\" "
      "font-family=\"sans-serif\" font-size=\"14\" fill=\"#333333\">\n"
      "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n"
      "<text x=\"%g\" y=\"32\" font-size=\"15\">%s</text>\n",
      kWidth, kHeight, kWidth, kHeight, Escaped(title), kLeft, Escaped(title));
  if (!series.empty()) {
    const Drawing drawing(series);
    out += drawing.Axes();
    for (std::size_t i = 0; i < series.size(); ++i) out += drawing.Line(series[i], kColours[i]);
    out += drawing.Names(series);
  }
  return out + "</svg>\n";
}

}  // namespace ringcache::trace

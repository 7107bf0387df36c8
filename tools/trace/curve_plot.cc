#include "tools/trace/curve_plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/trace/curve.h"
#include "tools/trace/curve_scale.h"

namespace ringcache::trace {
namespace {

constexpr int kColumns = 72;
constexpr int kRows = 20;
constexpr int kLabelColumns = 6;

// Letters, as they can be told apart in any font, and in a text without colours.
constexpr std::array<char, kMaxSeries> kMarks = {'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'};
constexpr char kMeasuredLine = '-';
constexpr char kSimulatedLine = '.';
// Where points of two series fall together.
constexpr char kSeveral = '*';

class Canvas {
 public:
  explicit Canvas(const CurveScale& scale)
      : scale_(scale), rows_(kRows + 1, std::string(kColumns + 1, ' ')) {}

  const std::string& row(int index) const { return rows_[static_cast<std::size_t>(index)]; }

  int ColumnOf(double memory_mib) const {
    return static_cast<int>(std::lround(scale_.Across(memory_mib) * kColumns));
  }
  int RowOf(double miss_ratio) const {
    return kRows - static_cast<int>(std::lround(scale_.Up(miss_ratio) * kRows));
  }

  void DrawLines(const CurveSeries& series) {
    for (std::size_t i = 1; i < series.points.size(); ++i) {
      const CurvePoint& from = series.points[i - 1];
      const CurvePoint& to = series.points[i];
      const int first = ColumnOf(from.memory_mib), last = ColumnOf(to.memory_mib);
      for (int column = first + 1; column < last; ++column) {
        const double part = static_cast<double>(column - first) / (last - first);
        char& cell = At(column, RowOf(from.miss_ratio + part * (to.miss_ratio - from.miss_ratio)));
        if (cell == ' ') cell = series.simulated ? kSimulatedLine : kMeasuredLine;
      }
    }
  }

  void DrawMarks(const CurveSeries& series, char mark) {
    for (const CurvePoint& point : series.points) {
      char& cell = At(ColumnOf(point.memory_mib), RowOf(point.miss_ratio));
      cell = absl::ascii_isalpha(cell) || cell == kSeveral ? kSeveral : mark;
    }
  }

 private:
  char& At(int column, int row) {
    return rows_[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
  }
  const CurveScale& scale_;
  std::vector<std::string> rows_;
};

// The sizes below the axis, leaving out those that have no room.
std::string MemoryLabels(const CurveScale& scale, const Canvas& canvas) {
  std::string line;
  for (const double memory : scale.memories()) {
    const std::string label = absl::StrFormat("%g", memory);
    const int middle = kLabelColumns + 2 + canvas.ColumnOf(memory);
    const int at = middle - static_cast<int>(label.size()) / 2;
    if (at < static_cast<int>(line.size()) + (line.empty() ? 0 : 1)) continue;
    line.resize(static_cast<std::size_t>(at), ' ');
    line += label;
  }
  return line + " MiB";
}

}  // namespace

std::string PlotCurve(const std::vector<CurveSeries>& series) {
  if (series.empty()) return "";
  const CurveScale scale(series);
  Canvas canvas(scale);
  for (const CurveSeries& one : series) canvas.DrawLines(one);
  for (std::size_t i = 0; i < series.size(); ++i) canvas.DrawMarks(series[i], kMarks[i]);

  std::string text = "miss ratio\n";
  std::vector<std::string> labels(kRows + 1);
  const int steps = static_cast<int>(std::lround(scale.top() / scale.step()));
  for (int i = 0; i <= steps; ++i) {
    const double ratio = i * scale.step();
    labels[static_cast<std::size_t>(canvas.RowOf(ratio))] = absl::StrFormat("%.2f", ratio);
  }
  for (int row = 0; row <= kRows; ++row) {
    const std::string& label = labels[static_cast<std::size_t>(row)];
    std::string line = absl::StrFormat("%*s %s%s", kLabelColumns, label, label.empty() ? "│" : "┤",
                                       canvas.row(row));
    absl::StripTrailingAsciiWhitespace(&line);
    absl::StrAppend(&text, line, "\n");
  }
  absl::StrAppend(&text, std::string(kLabelColumns + 1, ' '), "└");
  for (int column = 0; column <= kColumns; ++column) text += "─";
  absl::StrAppend(&text, "\n", MemoryLabels(scale, canvas), "\n\n");
  for (std::size_t i = 0; i < series.size(); ++i) {
    absl::StrAppendFormat(&text, "  %c  %s%s\n", kMarks[i], series[i].name,
                          series[i].simulated ? " (simulated)" : "");
  }
  absl::StrAppendFormat(&text, "  %c  several at one place\n", kSeveral);
  return text;
}

}  // namespace ringcache::trace

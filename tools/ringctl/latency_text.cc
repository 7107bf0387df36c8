#include "tools/ringctl/latency_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "tools/table/text_table.h"

namespace ringcache::ringctl {
namespace {

using admin::v1::Latencies;
using admin::v1::LatencySeries;
using table::Clip;
using table::TextTable;
using table::WithSeparators;

constexpr std::size_t kNameColumns = 30;
// Columns of a factor of ten.
constexpr int kDecadeColumns = 9;
constexpr double kLeastSeconds = 1e-9;
constexpr double kMostSeconds = 1e5;
// From one percentile to the next: half of the requests are in the first.
constexpr std::array<absl::string_view, 4> kShades = {"█", "▓", "▒", "░"};

// "950 us", "1.25 ms": three digits.
std::string Spell(double seconds) {
  constexpr std::array<absl::string_view, 3> kUnits = {"us", "ms", "s"};
  double number = seconds * 1e6;
  std::size_t unit = 0;
  // What would be rounded to 1000 is 1 of the next unit.
  for (; number >= 999.5 && unit + 1 < kUnits.size(); ++unit) number /= 1000;
  const int digits = number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2;
  return absl::StrFormat("%.*f %s", digits, number, kUnits[unit]);
}

// Whole powers of ten, around all that is to be seen.
class LogScale {
 public:
  explicit LogScale(const Latencies& latencies) {
    double least = kMostSeconds;
    double most = kLeastSeconds;
    for (const LatencySeries& series : latencies.series()) {
      for (const auto& percentile : series.percentiles()) {
        if (series.count() == 0) continue;
        least = std::min(least, Sane(percentile.seconds()));
        most = std::max(most, Sane(percentile.seconds()));
      }
    }
    if (least > most) return;
    first_ = static_cast<int>(std::floor(std::log10(least)));
    decades_ = std::max(1, static_cast<int>(std::ceil(std::log10(most))) - first_);
  }

  int ColumnOf(double seconds) const {
    const double decades = std::log10(Sane(seconds)) - first_;
    return std::clamp(static_cast<int>(decades * kDecadeColumns), 0, decades_ * kDecadeColumns - 1);
  }

  // Each power of ten above its column.
  std::string Heading() const {
    std::string text;
    for (int i = 0; i < decades_; ++i) {
      absl::StrAppendFormat(&text, "%-*s", kDecadeColumns,
                            absl::StrCat("|", Label(std::pow(10, first_ + i))));
    }
    return absl::StrCat(text, "|", Label(std::pow(10, first_ + decades_)));
  }

 private:
  static double Sane(double seconds) {
    return seconds >= kLeastSeconds ? std::min(seconds, kMostSeconds) : kLeastSeconds;
  }

  static std::string Label(double seconds) {
    if (seconds < 0.99e-6) return absl::StrFormat("%.0f ns", seconds * 1e9);
    if (seconds < 0.99e-3) return absl::StrFormat("%.0f us", seconds * 1e6);
    if (seconds < 0.99) return absl::StrFormat("%.0f ms", seconds * 1e3);
    return absl::StrFormat("%.0f s", seconds);
  }

  int first_ = -6;
  int decades_ = 1;
};

std::string Bar(const LatencySeries& series, const LogScale& scale) {
  std::string bar;
  if (series.count() == 0 || series.percentiles().empty()) return bar;
  const auto& percentiles = series.percentiles();
  int column = scale.ColumnOf(percentiles[0].seconds());
  bar.append(static_cast<std::size_t>(column), ' ');
  for (int i = 0; i + 1 < percentiles.size(); ++i) {
    const absl::string_view shade = kShades[std::min<std::size_t>(i, kShades.size() - 1)];
    const int end = scale.ColumnOf(percentiles[i + 1].seconds());
    for (; column < end; ++column) absl::StrAppend(&bar, shade);
  }
  // So that a point is seen, too.
  const auto last = static_cast<std::size_t>(std::max(percentiles.size() - 2, 0));
  absl::StrAppend(&bar, kShades[std::min(last, kShades.size() - 1)]);
  return bar;
}

std::string NameOf(const LatencySeries& series) {
  if (series.kind() != LatencySeries::MEMBER || series.pool().empty()) return series.name();
  return absl::StrCat(series.pool(), "/", series.name());
}

std::string PercentileName(double percent) {
  return percent >= 100 ? "most" : absl::StrFormat("%g %%", percent);
}

// What the shades stand for: "█ 50 to 90 %".
std::string Legend(const LatencySeries& series) {
  std::string text;
  for (int i = 0; i + 1 < series.percentiles_size(); ++i) {
    absl::StrAppendFormat(&text, "%s%s %g to %g %%", i > 0 ? "   " : "",
                          kShades[std::min<std::size_t>(i, kShades.size() - 1)],
                          series.percentiles(i).percent(), series.percentiles(i + 1).percent());
  }
  return text.empty() ? "" : absl::StrCat("\n", text, ", on a logarithmic scale\n");
}

}  // namespace

std::string LatenciesText(const Latencies& latencies) {
  if (latencies.series().empty()) return "nothing was timed yet\n";
  // The process tells the same percentiles of all.
  const LatencySeries& first = latencies.series(0);
  const LogScale scale(latencies);
  TextTable table(absl::StrCat(
      "lrr", std::string(static_cast<std::size_t>(first.percentiles_size()), 'r'), "l"));
  std::vector<std::string> heading = {"", "count", "mean"};
  for (const auto& percentile : first.percentiles()) {
    heading.push_back(PercentileName(percentile.percent()));
  }
  heading.push_back(scale.Heading());
  table.AddRow(std::move(heading));
  for (const LatencySeries& series : latencies.series()) {
    const bool is_known = series.count() > 0;
    std::vector<std::string> cells = {Clip(NameOf(series), kNameColumns),
                                      WithSeparators(series.count()),
                                      is_known ? Spell(series.mean_seconds()) : "-"};
    for (int i = 0; i < first.percentiles_size(); ++i) {
      cells.push_back(
          is_known && i < series.percentiles_size() ? Spell(series.percentiles(i).seconds()) : "-");
    }
    cells.push_back(Bar(series, scale));
    table.AddRow(std::move(cells));
  }
  return absl::StrCat(table.ToString(), Legend(first));
}

}  // namespace ringcache::ringctl

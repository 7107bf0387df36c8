// Tables of metrics: a row names a figure as Prometheus has it.
//
// Rows of one family follow each other and differ in their labels. Thread safety: constants,
// functions only.

#ifndef RINGCACHE_ADMIN_METRICS_METRIC_ROW_H_
#define RINGCACHE_ADMIN_METRICS_METRIC_ROW_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "admin/backend/figure_table.h"
#include "admin/metrics/families.h"

namespace ringcache::admin {

struct FixedLabel {
  absl::string_view name;  // empty: there is none
  absl::string_view value;
};

template <typename Id>
struct MetricRow {
  absl::string_view name;
  absl::string_view help;
  MetricType type = MetricType::kGauge;
  Id figure;
  std::array<FixedLabel, 2> labels = {};
  // Figures that are taken off; kCount: none. One that is not known counts as zero.
  std::array<Id, 3> less = {Id::kCount, Id::kCount, Id::kCount};
};

// What a row is read of, and the labels that tell it from others.
template <typename Id>
struct Subject {
  const FigureSet<Id>* figures;
  Labels labels;
};

// How many of `unit` are one of Prometheus' base unit. Dividing gives the nearest number to what is
// meant, multiplying by a fraction does not.
constexpr double PerBaseUnit(Unit unit) {
  switch (unit) {
    case Unit::kCount:
    case Unit::kBytes:
    case Unit::kSeconds:
      return 1;
    case Unit::kMicroseconds:
    case Unit::kMillionths:
      return 1e6;
  }
  return 1;
}

// No value if the figure is not known. Figures are read one after the other while they rise: what
// would come out below zero is zero.
template <typename Id>
std::optional<double> ValueOf(const MetricRow<Id>& row, Unit unit, const FigureSet<Id>& figures) {
  std::optional<std::uint64_t> value = figures[row.figure];
  if (!value.has_value()) return std::nullopt;
  for (const Id id : row.less) {
    if (id != Id::kCount) *value -= std::min(*value, figures[id].value_or(0));
  }
  return static_cast<double>(*value) / PerBaseUnit(unit);
}

// Adds the families of `rows`, each with a series for each subject that knows the figure. `figures`
// is the group's table.
template <typename Id, std::size_t kFigures>
void AddFigures(absl::Span<const MetricRow<Id>> rows, const FigureRow<Id> (&figures)[kFigures],
                const std::vector<Subject<Id>>& subjects, Families* families) {
  for (auto row = rows.begin(); row != rows.end();) {
    const auto end = std::find_if(
        row, rows.end(), [row](const MetricRow<Id>& other) { return other.name != row->name; });
    families->Begin(row->name, row->help, row->type);
    for (const Subject<Id>& subject : subjects) {
      for (auto one = row; one != end; ++one) {
        const Unit unit = figures[static_cast<std::size_t>(one->figure)].unit;
        const std::optional<double> value = ValueOf(*one, unit, *subject.figures);
        if (!value.has_value()) continue;
        Labels labels = subject.labels;
        for (const FixedLabel& label : one->labels) {
          if (!label.name.empty()) {
            labels.push_back({std::string(label.name), std::string(label.value)});
          }
        }
        families->Add(std::move(labels), *value);
      }
    }
    row = end;
  }
}

// For static_assert: rows of a name follow each other, with one help and one type.
template <typename Id, std::size_t kRows>
constexpr bool FamiliesAreTogether(const MetricRow<Id> (&rows)[kRows]) {
  for (std::size_t i = 0; i < kRows; ++i) {
    if (i > 0 && rows[i].name == rows[i - 1].name) {
      if (rows[i].help != rows[i - 1].help || rows[i].type != rows[i - 1].type) return false;
      continue;
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (rows[j].name == rows[i].name) return false;
    }
  }
  return true;
}

template <typename Id, std::size_t kRows>
constexpr bool Shows(const MetricRow<Id> (&rows)[kRows], Id figure) {
  for (const MetricRow<Id>& row : rows) {
    if (row.figure == figure) return true;
  }
  return false;
}

// For static_assert: a table shows every figure of its group.
template <typename Id, std::size_t kRows>
constexpr bool ShowsAll(const MetricRow<Id> (&rows)[kRows]) {
  for (std::size_t i = 0; i < FigureSet<Id>::kSize; ++i) {
    if (!Shows(rows, static_cast<Id>(i))) return false;
  }
  return true;
}

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_METRICS_METRIC_ROW_H_

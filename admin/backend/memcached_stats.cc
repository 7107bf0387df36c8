#include "admin/backend/memcached_stats.h"

#include <algorithm>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace ringcache::admin {

using absl::string_view;

namespace {

constexpr double kMillion = 1e6;
// What a double tells exactly.
constexpr double kMostScaled = 9e15;

void ForEachStat(string_view reply, absl::FunctionRef<void(string_view, string_view)> visit) {
  for (string_view line : absl::StrSplit(reply, '\n')) {
    line = absl::StripSuffix(line, "\r");
    if (!absl::ConsumePrefix(&line, "STAT ")) continue;
    const std::size_t space = line.find(' ');
    const bool has_value = space != string_view::npos;
    visit(line.substr(0, space), has_value ? line.substr(space + 1) : string_view());
  }
}

std::optional<std::uint64_t> ValueOf(string_view text, Unit unit) {
  if (unit == Unit::kMicroseconds || unit == Unit::kMillionths) {
    double value = 0;
    if (!absl::SimpleAtod(text, &value) || !(value >= 0 && value * kMillion < kMostScaled)) {
      return std::nullopt;
    }
    return static_cast<std::uint64_t>(value * kMillion + 0.5);
  }
  if (text == "yes") return 1;
  if (text == "no") return 0;
  std::uint64_t value = 0;
  if (!absl::SimpleAtoi(text, &value)) return std::nullopt;
  return value;
}

template <typename Id, std::size_t kRows>
void Read(const FigureRow<Id> (&rows)[kRows], string_view name, string_view value,
          FigureSet<Id>* figures) {
  for (const FigureRow<Id>& row : rows) {
    if (row.stat.empty() || row.stat != name) continue;
    if (const auto number = ValueOf(value, row.unit)) (*figures)[row.id] = number;
  }
}

SlabStats* ClassOf(std::uint32_t id, std::vector<SlabStats>* slabs) {
  const auto at = std::lower_bound(
      slabs->begin(), slabs->end(), id,
      [](const SlabStats& slab, std::uint32_t wanted) { return slab.size_class < wanted; });
  if (at != slabs->end() && at->size_class == id) return &*at;
  return &*slabs->insert(at, SlabStats{id, {}});
}

}  // namespace

void ReadGeneral(string_view reply, FigureSet<GeneralFigure>* figures) {
  ForEachStat(reply, [&](string_view name, string_view value) {
    Read(kGeneralFigures, name, value, figures);
  });
}

void ReadSlabs(string_view reply, std::vector<SlabStats>* slabs) {
  ForEachStat(reply, [&](string_view name, string_view value) {
    absl::ConsumePrefix(&name, "items:");
    const std::size_t colon = name.find(':');
    std::uint32_t id = 0;
    // "active_slabs" and "total_malloced" are of no class.
    if (colon == string_view::npos || !absl::SimpleAtoi(name.substr(0, colon), &id)) return;
    Read(kSlabFigures, name.substr(colon + 1), value, &ClassOf(id, slabs)->figures);
  });
}

std::vector<Setting> ReadSettings(string_view reply) {
  std::vector<Setting> settings;
  ForEachStat(reply, [&](string_view name, string_view value) {
    settings.push_back({std::string(name), std::string(value)});
  });
  return settings;
}

std::optional<std::string> FindStat(string_view reply, string_view name) {
  std::optional<std::string> found;
  ForEachStat(reply, [&](string_view each, string_view value) {
    if (each == name) found = std::string(value);
  });
  return found;
}

}  // namespace ringcache::admin

#include "tools/cli/figures.h"

#include <algorithm>
#include <array>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace ringcache::cli {
namespace {

struct FigureRow {
  absl::string_view stat;
  std::uint64_t Figures::*figure;
  bool adds_up;  // over members
  bool counts;   // since the start
};

constexpr std::array<FigureRow, 11> kFigures = {{
    {"uptime", &Figures::uptime_s, false, false},
    {"curr_items", &Figures::items, true, false},
    {"bytes", &Figures::bytes, true, false},
    {"limit_maxbytes", &Figures::limit_bytes, true, false},
    {"curr_connections", &Figures::connections, true, false},
    {"cmd_get", &Figures::gets, true, true},
    {"get_hits", &Figures::hits, true, true},
    {"cmd_set", &Figures::sets, true, true},
    {"evictions", &Figures::evictions, true, true},
    {"bytes_read", &Figures::received_bytes, true, true},
    {"bytes_written", &Figures::sent_bytes, true, true},
}};

}  // namespace

Figures FiguresOf(const client::MemberResult& result) {
  Figures figures;
  figures.member = result.name;
  figures.known = result.result.ok();
  for (const auto& [name, value] : result.stats) {
    if (name == "version") figures.version = value;
    for (const FigureRow& row : kFigures) {
      // What is no number stays 0.
      if (name == row.stat && !absl::SimpleAtoi(value, &(figures.*row.figure))) {
        figures.*row.figure = 0;
      }
    }
  }
  return figures;
}

Figures TotalOf(absl::Span<const Figures> members) {
  Figures total;
  total.member = "total";
  for (const Figures& member : members) {
    total.known |= member.known;
    for (const FigureRow& row : kFigures) {
      if (row.adds_up) total.*row.figure += member.*row.figure;
    }
  }
  return total;
}

Figures Since(const Figures& before, const Figures& after) {
  Figures since = after;
  since.known = before.known && after.known;
  for (const FigureRow& row : kFigures) {
    if (!row.counts) continue;
    since.known &= before.*row.figure <= after.*row.figure;
    since.*row.figure = after.*row.figure - before.*row.figure;
  }
  if (since.known) return since;
  Figures unknown;
  unknown.member = after.member;
  return unknown;
}

std::vector<Figures> Since(absl::Span<const Figures> before, absl::Span<const Figures> after) {
  std::vector<Figures> all;
  for (const Figures& member : after) {
    const auto same = std::find_if(before.begin(), before.end(), [&](const Figures& other) {
      return other.member == member.member;
    });
    const Figures none;
    all.push_back(Since(same == before.end() ? none : *same, member));
  }
  return all;
}

}  // namespace ringcache::cli

#include "tools/ring/scale.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "hashring/member.h"
#include "hashring/ring_diff.h"
#include "tools/ring/heading.h"
#include "tools/ring/short_names.h"
#include "tools/table/text_table.h"

namespace ringcache::ring {
namespace {

using hashring::Diff;
using hashring::Member;
using hashring::Ring;
using hashring::RingDiff;
using table::Clip;
using table::TextTable;
using table::WithSeparators;

constexpr std::size_t kNameColumns = 40;

std::string Percent(double share) { return absl::StrFormat("%.2f %%", 100 * share); }

// Short names for the members of both rings, so that a member has one name.
std::pair<ShortNames, ShortNames> NamesOfBoth(const Ring& from, const Ring& to) {
  std::vector<Member> all(from.members().begin(), from.members().end());
  all.insert(all.end(), to.members().begin(), to.members().end());
  ShortNames before = ShortNamesOf(all);
  ShortNames after = before;
  before.names.resize(from.members().size());
  after.names.erase(after.names.begin(),
                    after.names.begin() + static_cast<std::ptrdiff_t>(from.members().size()));
  return {std::move(before), std::move(after)};
}

std::string MovesTable(const RingDiff& diff, const ShortNames& before, const ShortNames& after,
                       std::size_t lines) {
  TextTable table("llr");
  table.AddRow({"from", "to", "share"});
  double rest = 0;
  for (std::size_t i = 0; i < diff.moves.size(); ++i) {
    const RingDiff::Move& move = diff.moves[i];
    if (i >= lines) {
      rest += move.share;
      continue;
    }
    table.AddRow({Clip(before.names[move.from], kNameColumns),
                  Clip(after.names[move.to], kNameColumns), Percent(move.share)});
  }
  if (diff.moves.size() > lines) {
    table.AddRow({absl::StrCat("(", WithSeparators(diff.moves.size() - lines), " more)"), "",
                  Percent(rest)});
  }
  return diff.moves.empty() ? "" : absl::StrCat(table.ToString(), "\n");
}

absl::StatusOr<std::string> ScaleOne(const CommandLine& line, std::vector<Member> members,
                                     std::vector<Member> members_after) {
  const auto from = line.RingOf(line.placements[0], std::move(members));
  if (!from.ok()) return from.status();
  const auto to = line.RingOf(line.placements[0], std::move(members_after));
  if (!to.ok()) return to.status();
  const RingDiff diff = Diff(**from, **to, line.sample_keys);
  const auto [before, after] = NamesOfBoth(**from, **to);
  return absl::StrCat(
      "from ", Heading(**from, before.suffix), "to   ", Heading(**to, after.suffix), "\n",
      MovesTable(diff, before, after, line.lines),
      absl::StrFormat("%s of the keys move, the least would be %s; %s\n"
                      "%s of the keys go from one member that stays to another\n",
                      Percent(diff.moved), Percent(diff.optimum), HowMeasured(diff.measured_keys),
                      Percent(diff.moved_between_stayers)),
      Notes(**to));
}

}  // namespace

absl::StatusOr<std::string> Scale(const CommandLine& line) {
  const auto members = line.Members();
  if (!members.ok()) return members.status();
  const auto after = line.MembersAfter();
  if (!after.ok()) return after.status();
  if (line.placements.size() == 1) return ScaleOne(line, *members, *after);
  TextTable table("lrrrr");
  table.AddRow({"placement", "moves", "least", "between stayers", "measured"});
  std::string notes;
  for (const hashring::PlacementKind placement : line.placements) {
    const auto from = line.RingOf(placement, *members);
    if (!from.ok()) return from.status();
    const auto to = line.RingOf(placement, *after);
    if (!to.ok()) return to.status();
    const RingDiff diff = Diff(**from, **to, line.sample_keys);
    table.AddRow({std::string(RowOf(placement).name), Percent(diff.moved), Percent(diff.optimum),
                  Percent(diff.moved_between_stayers), HowMeasured(diff.measured_keys)});
    if (notes.empty()) notes = Notes(**to);
  }
  return absl::StrCat("What moves of the keys from ", WithSeparators(members->size()), " to ",
                      WithSeparators(after->size()),
                      " members; between stayers: from one that stays to another\n\n",
                      table.ToString(), notes.empty() ? "" : "\n", notes);
}

}  // namespace ringcache::ring

#include "tools/ringctl/ring_text.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tools/ring/heading.h"
#include "tools/ring/short_names.h"
#include "tools/table/share_bar.h"
#include "tools/table/text_table.h"

namespace ringcache::ringctl {
namespace {

using admin::v1::Locations;
using admin::v1::Plan;
using admin::v1::Ring;
using admin::v1::Rings;
using ring::HowMeasured;
using ring::Shorten;
using ring::ShortNames;
using table::Clip;
using table::ShareBar;
using table::TextTable;
using table::WithSeparators;

constexpr std::size_t kNameColumns = 40;
// Further moves are summed up.
constexpr int kMaxMoves = 40;

absl::string_view StateWord(Ring::Member::State state) {
  switch (state) {
    case Ring::Member::UP:
      return "up";
    case Ring::Member::DOWN:
      return "down";
    case Ring::Member::VANISHED:
      return "vanished";
    default:
      return "-";
  }
}

// A share, whatever a process sends.
double Sane(double share) { return share >= 0 && share <= 1 ? share : 0; }

std::string Percent(double share) { return absl::StrFormat("%.2f %%", 100 * share); }

std::vector<std::string> NamesOf(const Ring& ring) {
  std::vector<std::string> names;
  for (const Ring::Member& member : ring.members()) {
    names.push_back(member.name().empty() ? "-" : member.name());
  }
  return names;
}

// "most 1.078 and least 0.935 of what is fair; exact".
std::string Spread(const Ring& ring) {
  double most = 0;
  double least = 0;
  bool is_first = true;
  for (const Ring::Member& member : ring.members()) {
    if (Sane(member.fair_share()) == 0) continue;
    const double ratio = Sane(member.share()) / member.fair_share();
    most = is_first ? ratio : std::max(most, ratio);
    least = is_first ? ratio : std::min(least, ratio);
    is_first = false;
  }
  if (is_first) return "";
  return absl::StrFormat("\nmost %.3f and least %.3f of what is fair; %s\n", most, least,
                         HowMeasured(ring.measured_keys()));
}

// Columns that only some rings need.
struct OptionalColumns {
  bool address = false;  // some member's is not its name
  bool weight = false;   // they differ
};

OptionalColumns ColumnsOf(const Ring& ring) {
  OptionalColumns columns;
  for (const Ring::Member& member : ring.members()) {
    columns.address |= !member.address().empty() && member.address() != member.name();
    columns.weight |= member.weight() != ring.members(0).weight();
  }
  return columns;
}

std::string OneRing(const Ring& ring) {
  const ShortNames names = Shorten(NamesOf(ring));
  const OptionalColumns columns = ColumnsOf(ring);
  double full = 0;
  for (const Ring::Member& member : ring.members()) {
    full = std::max({full, Sane(member.share()), Sane(member.fair_share())});
  }
  TextTable table(absl::StrCat("l", columns.address ? "l" : "", columns.weight ? "r" : "", "lrrl"));
  const auto add = [&](std::string name, std::string address, std::string weight,
                       std::vector<std::string> rest) {
    std::vector<std::string> cells = {std::move(name)};
    if (columns.address) cells.push_back(std::move(address));
    if (columns.weight) cells.push_back(std::move(weight));
    std::move(rest.begin(), rest.end(), std::back_inserter(cells));
    table.AddRow(std::move(cells));
  };
  add("member", "address", "weight", {"state", "share", "of fair", ""});
  for (int i = 0; i < ring.members_size(); ++i) {
    const Ring::Member& member = ring.members(i);
    const double share = Sane(member.share());
    const double fair = Sane(member.fair_share());
    add(Clip(names.names[static_cast<std::size_t>(i)], kNameColumns),
        member.address().empty() ? "-" : member.address(), absl::StrFormat("%g", member.weight()),
        {std::string(StateWord(member.state())), absl::StrFormat("%.3f %%", 100 * share),
         fair > 0 ? absl::StrFormat("%.3f", share / fair) : "-",
         full > 0 ? ShareBar(share, fair, full) : ""});
  }
  return absl::StrCat(RingHeading(ring, names.suffix), "\n\n", table.ToString(), Spread(ring));
}

std::string MovesTable(const Plan& plan) {
  if (plan.moves().empty()) return "";
  TextTable table("llr");
  table.AddRow({"from", "to", "share"});
  double rest = 0;
  for (int i = 0; i < plan.moves_size(); ++i) {
    const Plan::Move& move = plan.moves(i);
    if (i >= kMaxMoves) {
      rest += move.share();
    } else {
      table.AddRow(
          {Clip(move.from(), kNameColumns), Clip(move.to(), kNameColumns), Percent(move.share())});
    }
  }
  if (plan.moves_size() > kMaxMoves) {
    table.AddRow({absl::StrFormat("(%d more)", plan.moves_size() - kMaxMoves), "", Percent(rest)});
  }
  return absl::StrCat(table.ToString(), "\n");
}

}  // namespace

std::string RingHeading(const Ring& ring, absl::string_view suffix) {
  std::string text = absl::StrCat(ring.pool().empty() ? "a pool without a name" : ring.pool(), ", ",
                                  ring.placement());
  if (!ring.key_hash().empty() && ring.key_hash() != "default")
    absl::StrAppend(&text, " with ", ring.key_hash());
  if (ring.version() > 0) absl::StrAppend(&text, ", version ", ring.version());
  const auto count = static_cast<std::size_t>(ring.members_size());
  absl::StrAppend(&text, ", ", WithSeparators(count), count == 1 ? " member" : " members");
  if (!suffix.empty()) absl::StrAppend(&text, ": *", suffix);
  return text;
}

std::string RingsText(const Rings& rings) {
  if (rings.rings().empty()) return "there is no ring\n";
  return absl::StrJoin(rings.rings(), "\n", [](std::string* out, const Ring& ring) {
    absl::StrAppend(out, OneRing(ring));
  });
}

std::string LocationsText(const Locations& locations) {
  bool has_next = false;
  for (const auto& location : locations.locations()) has_next |= location.members_size() > 1;
  TextTable table(has_next ? "lll" : "ll");
  table.AddRow(has_next ? std::vector<std::string>{"owner", "then", "key"}
                        : std::vector<std::string>{"owner", "key"});
  for (const auto& location : locations.locations()) {
    const auto& members = location.members();
    std::vector<std::string> cells = {members.empty() ? "-" : members[0]};
    if (has_next) {
      cells.push_back(members.empty() ? ""
                                      : absl::StrJoin(members.begin() + 1, members.end(), ", "));
    }
    cells.push_back(absl::CHexEscape(location.key()));
    table.AddRow(std::move(cells));
  }
  return table.ToString();
}

std::string PlanText(const Plan& plan) {
  const std::string ratio =
      plan.optimum() > 0 ? absl::StrFormat(", %.3f times the optimum of %s",
                                           plan.moved() / plan.optimum(), Percent(plan.optimum()))
                         : "";
  return absl::StrCat(
      "from ", RingHeading(plan.before(), ""), "\nto   ", RingHeading(plan.after(), ""), "\n\n",
      MovesTable(plan), Percent(plan.moved()), " of the keys move", ratio, "; ",
      HowMeasured(plan.measured_keys()), "\n", Percent(plan.moved_between_stayers()),
      " of the keys go from one member that stays to another\n");
}

}  // namespace ringcache::ringctl

#include "tools/ring/show.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "hashring/ownership.h"
#include "hashring/spread.h"
#include "tools/ring/heading.h"
#include "tools/ring/short_names.h"
#include "tools/table/share_bar.h"
#include "tools/table/text_table.h"

namespace ringcache::ring {
namespace {

using hashring::Ownership;
using hashring::Ring;
using hashring::Spread;
using hashring::SpreadOf;
using table::Clip;
using table::ShareBar;
using table::TextTable;
using table::WithSeparators;

constexpr std::size_t kNameColumns = 50;

// The members from the fullest to the emptiest; in the middle some are left out if there are more
// than `lines`.
std::vector<std::size_t> Shown(const std::vector<double>& shares, std::size_t lines) {
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), 0);
  if (order.size() <= lines) return order;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return shares[a] > shares[b]; });
  order.erase(order.begin() + static_cast<std::ptrdiff_t>((lines + 1) / 2),
              order.end() - static_cast<std::ptrdiff_t>(lines / 2));
  return order;
}

std::string Bars(const Ring& ring, const Ownership& ownership, const std::vector<double>& fair,
                 std::size_t lines, const ShortNames& names) {
  const std::vector<double>& shares = ownership.shares;
  const double full = std::max(*std::max_element(shares.begin(), shares.end()),
                               *std::max_element(fair.begin(), fair.end()));
  const std::vector<std::size_t> shown = Shown(shares, lines);
  TextTable table("lrrl");
  table.AddRow({"member", "share", "of fair", ""});
  for (std::size_t row = 0; row < shown.size(); ++row) {
    const std::size_t member = shown[row];
    if (shown.size() < shares.size() && row == (lines + 1) / 2) {
      table.AddRow({absl::StrCat("(", WithSeparators(shares.size() - shown.size()), " between)"),
                    "", "", ""});
    }
    table.AddRow({Clip(names.names[member], kNameColumns),
                  absl::StrFormat("%.3f %%", 100 * shares[member]),
                  absl::StrFormat("%.3f", shares[member] / fair[member]),
                  ShareBar(shares[member], fair[member], full)});
  }
  return absl::StrCat(Heading(ring, names.suffix), "\n", table.ToString());
}

absl::StatusOr<std::string> ShowOne(const CommandLine& line,
                                    std::vector<hashring::Member> members) {
  const auto ring = line.RingOf(line.placements[0], std::move(members));
  if (!ring.ok()) return ring.status();
  const Ownership ownership = OwnershipOf(**ring, line.sample_keys);
  const std::vector<double> fair = FairShares(**ring);
  const Spread spread = SpreadOf(ownership.shares, fair);
  return absl::StrCat(
      Bars(**ring, ownership, fair, line.lines, ShortNamesOf((*ring)->members())),
      absl::StrFormat("\nmost %.3f and least %.3f of what is fair, deviation %.3f; %s\n",
                      spread.most, spread.least, spread.deviation,
                      HowMeasured(ownership.measured_keys)),
      Notes(**ring));
}

}  // namespace

absl::StatusOr<std::string> Show(const CommandLine& line) {
  const auto members = line.Members();
  if (!members.ok()) return members.status();
  if (line.placements.size() == 1) return ShowOne(line, *members);
  TextTable table("llrrrr");
  table.AddRow({"placement", "members", "most", "least", "deviation", "measured"});
  std::string notes;
  for (const hashring::PlacementKind placement : line.placements) {
    const auto ring = line.RingOf(placement, *members);
    if (!ring.ok()) return ring.status();
    const Ownership ownership = OwnershipOf(**ring, line.sample_keys);
    const Spread spread = SpreadOf(ownership.shares, FairShares(**ring));
    table.AddRow({std::string(RowOf(placement).name), std::string(HowNumbered(**ring)),
                  absl::StrFormat("%.3f", spread.most), absl::StrFormat("%.3f", spread.least),
                  absl::StrFormat("%.3f", spread.deviation), HowMeasured(ownership.measured_keys)});
    if (notes.empty()) notes = Notes(**ring);
  }
  return absl::StrCat("What each of ", WithSeparators(members->size()),
                      " members owns, as a multiple of what is fair\n\n", table.ToString(),
                      notes.empty() ? "" : "\n", notes);
}

}  // namespace ringcache::ring

#include "tools/ring/locate.h"

#include <cstdint>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "hashring/placement/placement_kind.h"
#include "hashring/ring.h"
#include "tools/ring/heading.h"
#include "tools/ring/short_names.h"
#include "tools/table/text_table.h"

namespace ringcache::ring {
namespace {

using hashring::Ring;
using table::Clip;
using table::TextTable;

constexpr std::size_t kNameColumns = 40;

// The owner's name, and those of the members after it.
std::vector<std::string> OwnersOf(const Ring& ring, const ShortNames& names, const std::string& key,
                                  std::size_t count) {
  std::vector<std::uint32_t> replicas(count);
  replicas.resize(ring.Replicas(key, absl::MakeSpan(replicas)));
  std::vector<std::string> owners;
  for (const std::uint32_t replica : replicas) {
    owners.push_back(Clip(names.names[replica], kNameColumns));
  }
  return owners;
}

// What decides of `key`, if it is not all of it.
std::string Decides(const Ring& ring, const std::string& key) {
  const absl::string_view part = ring.HashedPart(key);
  if (part == key) return "";
  return absl::StrCat("   hashed as '", absl::CHexEscape(part), "'");
}

}  // namespace

absl::StatusOr<std::string> Locate(const CommandLine& line) {
  const auto members = line.Members();
  if (!members.ok()) return members.status();
  const bool compares = line.placements.size() > 1;
  TextTable table(compares ? "lll" : "ll");
  if (compares) {
    table.AddRow({"placement", "owner", "key"});
  } else {
    table.AddRow({"owner", "key"});
  }
  std::string heading, notes;
  for (const hashring::PlacementKind placement : line.placements) {
    const auto ring = line.RingOf(placement, *members);
    if (!ring.ok()) return ring.status();
    const ShortNames names = ShortNamesOf((*ring)->members());
    if (!compares) heading = absl::StrCat(Heading(**ring, names.suffix), "\n");
    if (notes.empty()) notes = Notes(**ring);
    for (const std::string& key : line.keys) {
      std::vector<std::string> row;
      if (compares) row.emplace_back(RowOf(placement).name);
      row.push_back(absl::StrJoin(OwnersOf(**ring, names, key, line.owners), ", "));
      row.push_back(absl::StrCat(absl::CHexEscape(key), Decides(**ring, key)));
      table.AddRow(std::move(row));
    }
  }
  return absl::StrCat(heading, table.ToString(), notes.empty() ? "" : "\n", notes);
}

}  // namespace ringcache::ring

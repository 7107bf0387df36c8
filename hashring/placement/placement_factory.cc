#include "hashring/placement/placement_factory.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hashring/placement/ch3.h"
#include "hashring/placement/crc32.h"
#include "hashring/placement/jump.h"
#include "hashring/placement/ketama.h"
#include "hashring/placement/maglev.h"
#include "hashring/placement/mcrouter_rendezvous.h"
#include "hashring/placement/modulo.h"
#include "hashring/placement/node_name.h"
#include "hashring/placement/rendezvous.h"
#include "hashring/placement/weighted_ch3.h"

namespace ringcache::hashring {
namespace {

std::string KindsThatTakeAKeyHash() {
  std::string names;
  for (const PlacementRow& row : kPlacements) {
    if (row.takes_key_hash) absl::StrAppend(&names, names.empty() ? "" : ", ", row.name);
  }
  return names;
}

absl::Status Validate(const PlacementRow& row, KeyHash key_hash, absl::Span<const Member> members) {
  if (members.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("a ring of placement ", row.name, " has no members; it needs at least one"));
  }
  if (members.size() > kMaxMembers) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a ring of placement ", row.name, " has ", members.size(), " members; at most ",
        kMaxMembers, " are allowed, as its tables grow with them"));
  }
  for (const Member& member : members) {
    if (member.weight == 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "member ", NodeName(member),
          " has weight 0; a weight is at least 1, and a member that should get no keys "
          "is left out"));
    }
  }
  if (key_hash != KeyHash::kDefault && !row.takes_key_hash) {
    return absl::InvalidArgumentError(
        absl::StrCat("placement ", row.name, " hashes keys in its own way, not by ",
                     NameOf(key_hash), "; a key hash can be chosen for ", KindsThatTakeAKeyHash()));
  }
  return absl::OkStatus();
}

std::unique_ptr<const Placement> MakeWeightedCh3(absl::Span<const Member> members) {
  std::uint32_t greatest = 0;
  for (const Member& member : members) greatest = std::max(greatest, member.weight);
  std::vector<double> weights;
  weights.reserve(members.size());
  for (const Member& member : members) {
    weights.push_back(static_cast<double>(member.weight) / static_cast<double>(greatest));
  }
  return std::make_unique<WeightedCh3>(weights);
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Placement>> MakePlacement(PlacementKind kind, KeyHash key_hash,
                                                               absl::Span<const Member> members) {
  const PlacementRow& row = RowOf(kind);
  if (const absl::Status valid = Validate(row, key_hash, members); !valid.ok()) return valid;
  const auto slots = static_cast<std::uint32_t>(members.size());
  switch (kind) {
    case PlacementKind::kKetama:
      return std::make_unique<Ketama>(members, key_hash);
    case PlacementKind::kRendezvous:
      return std::make_unique<Rendezvous>(members);
    case PlacementKind::kCh3:
      return std::make_unique<Ch3>(slots);
    case PlacementKind::kWeightedCh3:
      return MakeWeightedCh3(members);
    case PlacementKind::kCrc32:
      return std::make_unique<Crc32Placement>(slots);
    case PlacementKind::kMcrouterRendezvous:
      return std::make_unique<McrouterRendezvous>(members);
    case PlacementKind::kModulo:
      return std::make_unique<Modulo>(slots, key_hash);
    case PlacementKind::kJump:
      return std::make_unique<Jump>(slots, key_hash);
    case PlacementKind::kMaglev:
      return std::make_unique<Maglev>(members, key_hash);
  }
  return absl::InternalError("no such placement");
}

}  // namespace ringcache::hashring

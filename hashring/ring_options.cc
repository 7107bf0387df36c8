#include "hashring/ring_options.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace ringcache::hashring {
namespace {

// Whether it can stand in a key of the text protocol.
bool IsGraphic(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c > ' ' && !absl::ascii_iscntrl(c); });
}

std::string PlacementsWithKeyHash() {
  std::vector<absl::string_view> names;
  for (const PlacementRow& row : kPlacements) {
    if (row.takes_key_hash) names.push_back(row.name);
  }
  return absl::StrJoin(names, ", ");
}

absl::Status ValidateWeights(const RingOptions& options) {
  if (options.weights.empty()) return absl::OkStatus();
  if (options.placement != PlacementKind::kWeightedCh3 || options.ordering != Ordering::kListed) {
    return absl::InvalidArgumentError(
        "weights by place are for weighted_ch3 in the order of the list; other placements take "
        "them from the members");
  }
  for (const double weight : options.weights) {
    if (!(weight >= 0 && weight <= 1)) {
      return absl::InvalidArgumentError(absl::StrCat("the weight ", weight, " is not from 0 to 1"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RingOptions::Validate() const {
  const PlacementRow& row = RowOf(placement);
  if (key_hash != KeyHash::kDefault && !row.takes_key_hash) {
    return absl::InvalidArgumentError(absl::StrCat("the placement ", row.name,
                                                   " has a key hash of its own; ", NameOf(key_hash),
                                                   " can be chosen for ", PlacementsWithKeyHash()));
  }
  if (!IsGraphic(hash_stop)) {
    return absl::InvalidArgumentError(
        "the hash stop has a space or a control character, which no key has; mcrouter's is |#|");
  }
  if ((!hash_tag.empty() && hash_tag.size() != 2) || !IsGraphic(hash_tag)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the hash tag '", absl::CHexEscape(hash_tag),
                     "' is not two characters that keys can have, such as {}"));
  }
  if (salt.size() > kMaxSaltBytes) {
    return absl::InvalidArgumentError(absl::StrCat("the salt has ", salt.size(), " bytes; at most ",
                                                   kMaxSaltBytes, " are hashed with every key"));
  }
  return ValidateWeights(*this);
}

}  // namespace ringcache::hashring

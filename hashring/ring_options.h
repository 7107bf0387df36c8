// How a ring places keys.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_HASHRING_RING_OPTIONS_H_
#define RINGCACHE_HASHRING_RING_OPTIONS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hashring/placement/placement_kind.h"

namespace ringcache::hashring {

// What numbers the slots of a placement that knows members by index.
enum class Ordering : std::uint8_t {
  kOrdinal,  // the ordinal in a member's name (ordinals.h): one that is missing shifts nobody
  kListed,   // its place in the list, as mcrouter and libmemcached do with their configurations
};
inline constexpr std::array<absl::string_view, 2> kOrderingNames = {"ordinal", "listed"};

struct RingOptions {
  PlacementKind placement = PlacementKind::kKetama;
  KeyHash key_hash = KeyHash::kDefault;
  // Ignored by placements that know members by name.
  Ordering ordering = Ordering::kOrdinal;
  // What of a key is hashed (hashed_part.h); empty: all of it. They have initialisers so that a
  // list of designated ones may leave them out.
  std::string hash_stop = {};
  std::string hash_tag = {};
  // Stands behind what is hashed, so that pools of the same members share keys out differently:
  // mcrouter's "salt".
  std::string salt = {};
  static constexpr std::size_t kMaxSaltBytes = 250;
  // kWeightedCh3 with kListed: of each member by its place in the list, from 0 to 1, as mcrouter's
  // configurations give them. Empty: the members' own.
  std::vector<double> weights = {};

  absl::Status Validate() const;

  friend bool operator==(const RingOptions&, const RingOptions&) = default;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_RING_OPTIONS_H_

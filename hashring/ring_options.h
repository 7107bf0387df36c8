// How a ring places keys.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_HASHRING_RING_OPTIONS_H_
#define RINGCACHE_HASHRING_RING_OPTIONS_H_

#include <array>
#include <cstdint>
#include <string>

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

  absl::Status Validate() const;

  friend bool operator==(const RingOptions&, const RingOptions&) = default;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_RING_OPTIONS_H_

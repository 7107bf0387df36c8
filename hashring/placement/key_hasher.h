// From a key hash's name to its function.
//
// Thread safety: pure functions.

#ifndef RINGCACHE_HASHRING_PLACEMENT_KEY_HASHER_H_
#define RINGCACHE_HASHRING_PLACEMENT_KEY_HASHER_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "hashring/placement/placement_kind.h"

namespace ringcache::hashring {

using KeyHasher = std::uint64_t (*)(absl::string_view key);

// The function of `hash`; all but the default's result fit in 32 bits. `own` is the placement's
// own function: what KeyHash::kDefault is.
KeyHasher HasherOf(KeyHash hash, KeyHasher own);

// The own function of the placements that no client has set one for: 64 bits, so that even a
// billion keys have a hash each. MurmurHash64A, as mcrouter has it in its other placements.
std::uint64_t HashWide(absl::string_view key);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_KEY_HASHER_H_

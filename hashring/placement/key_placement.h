// What placements that hash each key in more than one way have in common: they cannot place a hash.
//
// Thread safety: as of a placement.

#ifndef RINGCACHE_HASHRING_PLACEMENT_KEY_PLACEMENT_H_
#define RINGCACHE_HASHRING_PLACEMENT_KEY_PLACEMENT_H_

#include <cassert>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "hashring/placement/placement.h"

namespace ringcache::hashring {

class KeyPlacement : public Placement {
 public:
  bool LocatesByHash() const final { return false; }
  std::uint64_t HashKey(absl::string_view) const final {
    assert(LocatesByHash());
    return 0;
  }
  std::uint32_t LocateHash(std::uint64_t) const final {
    assert(LocatesByHash());
    return 0;
  }
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_KEY_PLACEMENT_H_

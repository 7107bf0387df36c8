// Jump consistent hashing: no table, and another slot takes its share of the keys from all others
// and moves no other key. Slots can only be added or taken away at the end.
//
// Source: J. Lamping and E. Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm", 2014.
//
// Thread safety: as of a placement.

#ifndef RINGCACHE_HASHRING_PLACEMENT_JUMP_H_
#define RINGCACHE_HASHRING_PLACEMENT_JUMP_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "hashring/placement/hash_placement.h"
#include "hashring/placement/placement_kind.h"

namespace ringcache::hashring {

class Jump final : public HashPlacement {
 public:
  // The default key hash is HashWide() (key_hasher.h). A 32-bit one does as well: the first step
  // multiplies it into all 64. REQUIRES: slots > 0.
  Jump(std::uint32_t slots, KeyHash key_hash);

  std::uint32_t LocateHash(std::uint64_t hash) const override;

 private:
  // As salted_rank.h.
  std::size_t RankHash(std::uint64_t hash, absl::Span<std::uint32_t> ranked) const override;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_JUMP_H_

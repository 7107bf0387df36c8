// The order of preference of placements that name one slot only: the slots that the key would have
// got, had it hashed otherwise. Where a placement is consistent, so is this order: a slot that is
// added changes few.
//
// Thread safety: pure functions.

#ifndef RINGCACHE_HASHRING_PLACEMENT_SALTED_RANK_H_
#define RINGCACHE_HASHRING_PLACEMENT_SALTED_RANK_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "hashring/placement/slot_set.h"

namespace ringcache::hashring {

// Another hash for each salt. Source: S. Vigna, splitmix64, its step and its mixing.
inline std::uint64_t SaltedHash(std::uint64_t hash, std::uint64_t salt) {
  hash += salt * 0x9e3779b97f4a7c15;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
  return hash ^ (hash >> 31);
}

// Fills `ranked` as Placement::Rank() says: `first`, then what `draw` gives for hashes made of
// `hash`, a slot that was drawn before being passed over. `draw` maps a hash to 0 .. slots - 1.
template <typename Draw>
std::size_t RankBySalt(std::uint64_t hash, std::uint32_t slots, std::uint32_t first,
                       absl::Span<std::uint32_t> ranked, Draw draw) {
  // So many draws find a new slot in all but 1 of 256 cases even if every other was drawn before.
  // After them the next free slot upwards is taken, which ends the search when few are left.
  constexpr int kDraws = 8;
  const std::size_t count = std::min<std::size_t>(ranked.size(), slots);
  SlotSet taken(slots);
  std::uint64_t salt = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t slot = first;
    for (int draws = 0; taken.Contains(slot) && draws < kDraws; ++draws) {
      slot = draw(SaltedHash(hash, ++salt));
    }
    while (!taken.Insert(slot)) slot = slot + 1 == slots ? 0 : slot + 1;
    ranked[i] = slot;
  }
  return count;
}

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_SALTED_RANK_H_

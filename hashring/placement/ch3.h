// mcrouter's Ch3, its default: the slot is furc's, so a member is its place in the list.
//
// Thread safety: as of a placement.

#ifndef RINGCACHE_HASHRING_PLACEMENT_CH3_H_
#define RINGCACHE_HASHRING_PLACEMENT_CH3_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "hashring/placement/hash_placement.h"

namespace ringcache::hashring {

class Ch3 final : public HashPlacement {
 public:
  // REQUIRES: 1 to kFurcMaxSlots (furc.h) slots.
  explicit Ch3(std::uint32_t slots);

  std::uint32_t LocateHash(std::uint64_t hash) const override;

 private:
  // As salted_rank.h.
  std::size_t RankHash(std::uint64_t hash, absl::Span<std::uint32_t> ranked) const override;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_CH3_H_

// mcrouter's WeightedCh3: furc, and a second hash that lets a slot refuse keys by its weight; a key
// that is refused is hashed again with a number at its end.
//
// Source: mcrouter, lib/WeightedCh3HashFunc.cpp. Its weights are real numbers from 0 to 1; here a
// member's is its whole-number weight divided by the greatest of all.
//
// Thread safety: as of a placement.

#ifndef RINGCACHE_HASHRING_PLACEMENT_WEIGHTED_CH3_H_
#define RINGCACHE_HASHRING_PLACEMENT_WEIGHTED_CH3_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hashring/placement/key_placement.h"

namespace ringcache::hashring {

class WeightedCh3 final : public KeyPlacement {
 public:
  // A weight for each slot. REQUIRES: 1 to kFurcMaxSlots (furc.h) weights, each from 0 to 1.
  explicit WeightedCh3(absl::Span<const double> weights);

  std::uint32_t slots() const override { return static_cast<std::uint32_t>(accepted_.size()); }
  std::uint32_t Locate(absl::string_view key) const override;
  // As salted_rank.h, with the same weights.
  std::size_t Rank(absl::string_view key, absl::Span<std::uint32_t> ranked) const override;

 private:
  // For each slot, of 2^32 - 1 second hashes those that it accepts.
  std::vector<std::uint32_t> accepted_;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_WEIGHTED_CH3_H_

// What placements that need nothing of a key but its hash have in common.
//
// Thread safety: as of a placement.

#ifndef RINGCACHE_HASHRING_PLACEMENT_HASH_PLACEMENT_H_
#define RINGCACHE_HASHRING_PLACEMENT_HASH_PLACEMENT_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hashring/placement/key_hasher.h"
#include "hashring/placement/placement.h"

namespace ringcache::hashring {

class HashPlacement : public Placement {
 public:
  // REQUIRES: slots > 0.
  HashPlacement(KeyHasher hasher, std::uint32_t slots) : hasher_(hasher), slots_(slots) {}

  std::uint32_t slots() const final { return slots_; }
  bool LocatesByHash() const final { return true; }
  std::uint64_t HashKey(absl::string_view key) const final { return hasher_(key); }
  std::uint32_t Locate(absl::string_view key) const final { return LocateHash(hasher_(key)); }
  std::size_t Rank(absl::string_view key, absl::Span<std::uint32_t> ranked) const final {
    return RankHash(hasher_(key), ranked);
  }

 private:
  virtual std::size_t RankHash(std::uint64_t hash, absl::Span<std::uint32_t> ranked) const = 0;

  const KeyHasher hasher_;
  const std::uint32_t slots_;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_HASH_PLACEMENT_H_

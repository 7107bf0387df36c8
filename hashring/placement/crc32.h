// mcrouter's Crc32: the low 31 bits of the key's CRC, modulo the slots. Not consistent: another
// slot moves nearly all keys.
//
// Source: mcrouter, lib/Crc32HashFunc.h.
//
// Thread safety: as of a placement.

#ifndef RINGCACHE_HASHRING_PLACEMENT_CRC32_H_
#define RINGCACHE_HASHRING_PLACEMENT_CRC32_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "hashring/placement/hash_placement.h"

namespace ringcache::hashring {

class Crc32Placement final : public HashPlacement {
 public:
  // REQUIRES: slots > 0.
  explicit Crc32Placement(std::uint32_t slots);

  std::uint32_t LocateHash(std::uint64_t hash) const override;

 private:
  // As salted_rank.h.
  std::size_t RankHash(std::uint64_t hash, absl::Span<std::uint32_t> ranked) const override;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_CRC32_H_

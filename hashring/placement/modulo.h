// libmemcached's default (MEMCACHED_DISTRIBUTION_MODULA), twemproxy's "modula": a key's 32-bit hash
// modulo the slots. Not consistent: another slot moves nearly all keys.
//
// Thread safety: as of a placement.

#ifndef RINGCACHE_HASHRING_PLACEMENT_MODULO_H_
#define RINGCACHE_HASHRING_PLACEMENT_MODULO_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "hashring/placement/hash_placement.h"
#include "hashring/placement/placement_kind.h"

namespace ringcache::hashring {

class Modulo final : public HashPlacement {
 public:
  // The default key hash is one_at_a_time. REQUIRES: slots > 0.
  Modulo(std::uint32_t slots, KeyHash key_hash);

  std::uint32_t LocateHash(std::uint64_t hash) const override;

 private:
  // As salted_rank.h.
  std::size_t RankHash(std::uint64_t hash, absl::Span<std::uint32_t> ranked) const override;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_MODULO_H_

// Maglev hashing: a table of slots, filled by the members in turn, each by its own order of
// preference. As even as the table is fine; a member that leaves moves few keys of the others.
//
// Source: D. Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer", 2016,
// 3.4. With weights, a member takes a turn in weight / greatest weight of the rounds, which is how
// Envoy reads the paper's remark on them.
//
// Thread safety: as of a placement.

#ifndef RINGCACHE_HASHRING_PLACEMENT_MAGLEV_H_
#define RINGCACHE_HASHRING_PLACEMENT_MAGLEV_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "hashring/member.h"
#include "hashring/placement/hash_placement.h"
#include "hashring/placement/placement_kind.h"

namespace ringcache::hashring {

// The entries for so many members: the first of a row of primes, each about twice the one before,
// that has a hundred for each, so that no two members' shares differ by more than 1 %. From one
// size to the next nearly all keys move, so they are few: the first holds up to 655 members (it is
// the paper's, and Envoy's), the second up to 1,311.
std::uint32_t MaglevTableSize(std::size_t members);

class Maglev final : public HashPlacement {
 public:
  // The slots are members' places in the list, names are as node_name.h has them. The default key
  // hash is HashWide() (key_hasher.h). A member of little weight may get nothing.
  // REQUIRES: 1 to 16,384 members, a weight above zero.
  Maglev(absl::Span<const Member> members, KeyHash key_hash);

  std::uint32_t LocateHash(std::uint64_t hash) const override { return table_[EntryOf(hash)]; }

  // The table's entries.
  KeySpace Arcs() const override;

  // The key's entry: its hash, spread, as a fraction of the table. Two multiplications, where the
  // paper's remainder is a division; the spreading lets hashes of few bits reach all entries.
  std::size_t EntryOf(std::uint64_t hash) const {
    hash *= 0x9e3779b97f4a7c15;  // 2^64 divided by the golden ratio
    return static_cast<std::size_t>(static_cast<unsigned __int128>(hash) * table_.size() >> 64);
  }

 private:
  // The table from the key's entry onwards, each slot when it is met first.
  std::size_t RankHash(std::uint64_t hash, absl::Span<std::uint32_t> ranked) const override;

  std::vector<std::uint16_t> table_;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_MAGLEV_H_

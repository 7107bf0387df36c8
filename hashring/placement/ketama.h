// libmemcached's weighted ketama: each member has points on a circle of 2^32, and a key belongs to
// the first point at or after its hash.
//
// Source: libmemcached, hosts.cc: update_continuum() with MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED;
// twemproxy's ketama is the same but where two members have the same point: there its order is left
// to qsort(), here and in libmemcached the lower slot gets it.
//
// Thread safety: as of a placement.

#ifndef RINGCACHE_HASHRING_PLACEMENT_KETAMA_H_
#define RINGCACHE_HASHRING_PLACEMENT_KETAMA_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "hashring/member.h"
#include "hashring/placement/hash_placement.h"
#include "hashring/placement/placement_kind.h"

namespace ringcache::hashring {

class Ketama final : public HashPlacement {
 public:
  // The slots are members' places in the list. A member's points number 160 times its share of the
  // weights times the members, rounded down to a multiple of four by 32-bit floating point (so that
  // of 25, 47 or 50 equal members each gets 156); a member of little weight may get none.
  // REQUIRES: 1 to 65,536 members, a weight above zero.
  Ketama(absl::Span<const Member> members, KeyHash key_hash);

  std::uint32_t LocateHash(std::uint64_t hash) const override {
    return slots_[FirstAt(static_cast<std::uint32_t>(hash))];
  }

  // The circle of 2^32.
  KeySpace Arcs() const override;

  std::size_t points() const { return points_.size() - 1; }

 private:
  // The circle from the key's point onwards, each slot when it is met first.
  std::size_t RankHash(std::uint64_t hash, absl::Span<std::uint32_t> ranked) const override;

  // The first point that is not below `hash`; past the last one, the end mark.
  std::size_t FirstAt(std::uint32_t hash) const {
    std::size_t at = first_of_bucket_[hash >> bucket_shift_];
    while (points_[at] < hash) ++at;
    return at;
  }

  // By rising point, then slot; last an end mark, the highest point there can be, with the first
  // point's slot, where the circle closes.
  //
  //   first_of_bucket_   [ 0 | 2 | 2 | 5 ...     by the hash's high bits
  //                        |    \___
  //   points_            [ 03 0a 21 22 2f 31 ... ffffffff ]
  //   slots_             [  4  0  7  4  1  0 ...  4 ]
  std::vector<std::uint32_t> points_;
  std::vector<std::uint16_t> slots_;
  std::vector<std::uint32_t> first_of_bucket_;
  int bucket_shift_ = 0;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_KETAMA_H_

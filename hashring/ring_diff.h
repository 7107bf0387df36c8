// What moves when one ring takes the place of another: every key that changes its owner is a miss,
// once. Members are the same if their host and port are.
//
// Thread safety: functions on immutable rings, plain values.

#ifndef RINGCACHE_HASHRING_RING_DIFF_H_
#define RINGCACHE_HASHRING_RING_DIFF_H_

#include <cstdint>
#include <vector>

#include "hashring/ring.h"
#include "hashring/sample_keys.h"

namespace ringcache::hashring {

struct RingDiff {
  struct Move {
    std::uint32_t from = 0;  // index into the old ring's members
    std::uint32_t to = 0;    // index into the new ring's members
    double share = 0;        // of all keys

    friend bool operator==(const Move&, const Move&) = default;
  };
  // The largest first.
  std::vector<Move> moves;
  // The share of all keys that changes its owner, and of it what goes from a member that stays to
  // another that stays.
  double moved = 0;
  double moved_between_stayers = 0;
  // The least that can move if all members own their fair shares before and after.
  double optimum = 0;
  // The number of keys it was measured on; 0 if it was computed from arcs and is exact.
  std::uint64_t measured_keys = 0;
};

// Exact where both rings have arcs in one key space, else measured on the first `keys` sample keys.
// The rings may differ in any option. REQUIRES: keys >= 1.
RingDiff Diff(const Ring& from, const Ring& to, std::uint64_t keys = kSampleKeys);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_RING_DIFF_H_

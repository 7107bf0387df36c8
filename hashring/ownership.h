// How much of the keys each member of a ring owns.
//
// Thread safety: functions on immutable rings, plain values.

#ifndef RINGCACHE_HASHRING_OWNERSHIP_H_
#define RINGCACHE_HASHRING_OWNERSHIP_H_

#include <cstdint>
#include <vector>

#include "hashring/ring.h"
#include "hashring/sample_keys.h"

namespace ringcache::hashring {

struct Ownership {
  // Of each member of the ring; they add up to 1.
  std::vector<double> shares;
  // The number of keys it was measured on; 0 if it was computed from the arcs of the ring and is
  // exact.
  std::uint64_t measured_keys = 0;
};

// Exact where the ring has arcs, else measured on the first `keys` sample keys, which takes as long
// as locating them. REQUIRES: keys >= 1.
Ownership OwnershipOf(const Ring& ring, std::uint64_t keys = kSampleKeys);

// What each member should own: its part of all weights, or as much as any other where the placement
// ignores weights.
std::vector<double> FairShares(const Ring& ring);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_OWNERSHIP_H_

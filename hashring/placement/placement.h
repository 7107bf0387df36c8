// The contract of a placement: an immutable function from keys to slots 0 .. slots() - 1. Whether a
// slot is a member in a sorted list or an ordinal is the ring's concern (ring.h); a placement only
// knows what it was built from.
//
// Thread safety: immutable after construction; any thread may ask.

#ifndef RINGCACHE_HASHRING_PLACEMENT_PLACEMENT_H_
#define RINGCACHE_HASHRING_PLACEMENT_PLACEMENT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ringcache::hashring {

// The key space of a placement that is cut into arcs: the owner of position p, 0 <= p < size, is
// the slot of the first arc whose end is above p.
struct KeySpace {
  struct Arc {
    std::uint64_t end = 0;  // exclusive
    std::uint32_t slot = 0;
  };
  std::uint64_t size = 0;
  // By rising `end`; the last one ends at `size`.
  std::vector<Arc> arcs;
};

class Placement {
 public:
  virtual ~Placement() = default;

  // At least 1.
  virtual std::uint32_t slots() const = 0;

  // The slot that owns `key`. `key` is what is hashed: stops and tags were applied before.
  virtual std::uint32_t Locate(absl::string_view key) const = 0;

  // Placements that need nothing of a key but its hash (all but pymemcache's rendezvous and the
  // weighted ch3) have Locate(key) == LocateHash(HashKey(key)).
  virtual bool LocatesByHash() const = 0;
  // REQUIRES: LocatesByHash().
  virtual std::uint64_t HashKey(absl::string_view key) const = 0;
  virtual std::uint32_t LocateHash(std::uint64_t hash) const = 0;

  // Fills `ranked` with the first ranked.size() distinct slots for `key` in order of preference,
  // Locate(key) first, and returns how many there are: min(ranked.size(), slots()), unless a slot
  // owns no key at all. If the first is taken away, the second is the next best: the order of the
  // others does not depend on whether a slot before them is alive.
  virtual std::size_t Rank(absl::string_view key, absl::Span<std::uint32_t> ranked) const = 0;

  // The arcs, if the key space is cut into such; else an empty list. Two placements of one kind
  // with equal `size` map a key to the same position, so their arcs can be laid over each other.
  virtual KeySpace Arcs() const { return {}; }
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_PLACEMENT_H_

// A set of slots, for ranking each only once.
//
// Thread safety: one thread.

#ifndef RINGCACHE_HASHRING_PLACEMENT_SLOT_SET_H_
#define RINGCACHE_HASHRING_PLACEMENT_SLOT_SET_H_

#include <cstdint>

#include "absl/container/inlined_vector.h"

namespace ringcache::hashring {

class SlotSet {
 public:
  // Of the slots 0 .. slots - 1. Empty.
  explicit SlotSet(std::uint32_t slots) : words_((slots + 63) / 64, 0) {}

  bool Contains(std::uint32_t slot) const { return (words_[slot / 64] >> (slot % 64)) & 1; }
  // Whether it was new.
  bool Insert(std::uint32_t slot) {
    if (Contains(slot)) return false;
    words_[slot / 64] |= std::uint64_t{1} << (slot % 64);
    return true;
  }

 private:
  // A thousand slots need no allocation.
  absl::InlinedVector<std::uint64_t, 16> words_;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_SLOT_SET_H_

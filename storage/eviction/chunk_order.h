// The chunks of a size class in memory order, as the hand of a clock passes over them.
//
// Thread safety: none; guarded by the size class's lock.

#ifndef RINGCACHE_STORAGE_EVICTION_CHUNK_ORDER_H_
#define RINGCACHE_STORAGE_EVICTION_CHUNK_ORDER_H_

#include <cstdint>

#include "storage/eviction/eviction_node.h"

namespace ringcache::storage {

// A place in the order. Pages that come and go leave it near where it was.
struct ClockHand {
  std::uint32_t page = 0;
  std::uint32_t slot = 0;
};

class ChunkOrder {
 public:
  virtual ~ChunkOrder() = default;
  // The chunk at the hand, whatever is in it. Past the end of a page the hand moves to the next
  // page, past the last one to the first. kNoItem if there are no chunks. To go on, add 1 to
  // `slot`.
  virtual ItemHandle At(ClockHand& hand) const = 0;
  // Whether the handle names a chunk of the order now. REQUIRES: it did once.
  virtual bool Has(ItemHandle handle) const = 0;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_EVICTION_CHUNK_ORDER_H_

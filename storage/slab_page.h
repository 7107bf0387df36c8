// What is known of one page of the arena.
//
// Thread safety: `owner` is atomic; the rest is guarded by the lock of the size class that owns the
// page. A page that never had an owner is all zero.

#ifndef RINGCACHE_STORAGE_SLAB_PAGE_H_
#define RINGCACHE_STORAGE_SLAB_PAGE_H_

#include <atomic>
#include <cstdint>

#include "storage/eviction/eviction_node.h"

namespace ringcache::storage {

struct SlabPage {
  // Size class + 1; 0: none. Changes under the lock of the class that gives or gets the page.
  std::atomic<std::uint8_t> owner;
  // It has free or uncut chunks and is known for that.
  bool listed;
  // Being emptied: its chunks are not handed out again.
  bool draining;
  std::uint32_t order;  // its place among the pages of its class
  std::uint32_t cut;    // chunks cut so far; the page's memory beyond is not touched
  std::uint32_t used;   // chunks that are handed out
  ItemHandle free;      // the chunk that was freed last
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_SLAB_PAGE_H_

// The chunks of one size class: pages cut into chunks of one size, and the chunks that are free.
//
// Thread safety: none; guarded by the size class's lock.

#ifndef RINGCACHE_STORAGE_SLAB_ALLOCATOR_H_
#define RINGCACHE_STORAGE_SLAB_ALLOCATOR_H_

#include <cstddef>

#include "storage/eviction_node.h"

namespace ringcache::storage {

class SlabAllocator {
 public:
  SlabAllocator(NodeMap nodes, std::size_t chunk_bytes, std::size_t chunks_per_page)
      : nodes_(nodes), chunk_bytes_(chunk_bytes), chunks_per_page_(chunks_per_page) {}

  // The most recently freed chunk (its lines are likely in the cache), else a fresh one; kNoItem if
  // there is none. The chunk's bytes are undefined.
  ItemHandle Take();
  // REQUIRES: taken, and not given back since.
  void Give(ItemHandle handle);
  // REQUIRES: the page has chunk_bytes * chunks_per_page bytes within the node map.
  void AddPage(char* page);

  std::size_t pages() const { return pages_; }
  std::size_t used_chunks() const { return used_; }
  std::size_t free_chunks() const { return pages_ * chunks_per_page_ - used_; }

 private:
  NodeMap nodes_;
  std::size_t chunk_bytes_;
  std::size_t chunks_per_page_;
  ItemHandle free_ = kNoItem;  // linked by EvictionNode::next
  // Fresh chunks are cut as they are needed, so that a new page is not touched at once.
  char* fresh_ = nullptr;
  std::size_t fresh_chunks_ = 0;
  std::size_t pages_ = 0;
  std::size_t used_ = 0;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_SLAB_ALLOCATOR_H_

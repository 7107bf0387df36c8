#include "storage/slab_allocator.h"

#include <cassert>

namespace ringcache::storage {

ItemHandle SlabAllocator::Take() {
  if (free_ != kNoItem) {
    const ItemHandle handle = free_;
    free_ = nodes_[handle].next;
    ++used_;
    return handle;
  }
  if (fresh_chunks_ == 0) return kNoItem;
  const ItemHandle handle = nodes_.HandleOf(fresh_);
  fresh_ += chunk_bytes_;
  --fresh_chunks_;
  ++used_;
  return handle;
}

void SlabAllocator::Give(ItemHandle handle) {
  assert(used_ > 0);
  nodes_[handle].next = free_;
  free_ = handle;
  --used_;
}

void SlabAllocator::AddPage(char* page) {
  // A page is only added when no fresh chunk is left, see Store::AllocateChunk.
  assert(fresh_chunks_ == 0);
  fresh_ = page;
  fresh_chunks_ = chunks_per_page_;
  ++pages_;
}

}  // namespace ringcache::storage

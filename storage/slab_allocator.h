// The chunks of one size class: pages cut into chunks of one size, and the chunks that are free.
// Each page keeps its own free chunks, so that it can be emptied and handed to another class.
//
// Thread safety: none; guarded by the size class's lock.

#ifndef RINGCACHE_STORAGE_SLAB_ALLOCATOR_H_
#define RINGCACHE_STORAGE_SLAB_ALLOCATOR_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "storage/eviction/chunk_order.h"
#include "storage/eviction/eviction_node.h"
#include "storage/slab_page.h"

namespace ringcache::storage {

class SlabAllocator : public ChunkOrder {
 public:
  // `pages` describes the arena at nodes.base in pages of `page_bytes`; it outlives the allocator.
  SlabAllocator(NodeMap nodes, SlabPage* pages, std::size_t page_bytes, std::size_t chunk_bytes)
      : nodes_(nodes),
        table_(pages),
        page_bytes_(page_bytes),
        chunk_bytes_(chunk_bytes),
        chunks_per_page_(static_cast<std::uint32_t>(page_bytes / chunk_bytes)) {}

  // The most recently freed chunk of a page (its lines are likely in the cache), else a fresh one;
  // kNoItem if there is none. It is in no queue; its other bytes are undefined.
  ItemHandle Take();
  // REQUIRES: taken, and not given back since.
  void Give(ItemHandle handle);

  // Pages are named by their number in the arena. REQUIRES: nobody owns the page.
  void AddPage(std::uint32_t page);
  // The same for a page of which the first `cut` chunks have been in use, by this allocator or one
  // like it: they count as taken, with what is in them. REQUIRES: cut <= chunks_per_page().
  void AddCutPage(std::uint32_t page, std::uint32_t cut);
  // From now on no chunk of the page is handed out; it can be removed when none is in use.
  // REQUIRES (all): the page is one of this allocator's.
  void StartDraining(std::uint32_t page);
  void StopDraining(std::uint32_t page);
  bool IsDraining(std::uint32_t page) const { return table_[page].draining; }
  std::size_t UsedChunks(std::uint32_t page) const { return table_[page].used; }
  bool IsEmpty(std::uint32_t page) const { return table_[page].used == 0; }
  // REQUIRES: IsEmpty(page).
  void RemovePage(std::uint32_t page);

  ItemHandle At(ClockHand& hand) const override;
  bool Has(ItemHandle handle) const override;
  // The page at the hand. REQUIRES: there is a page.
  std::uint32_t PageAt(ClockHand hand) const { return order_[hand.page % order_.size()]; }
  std::uint32_t CutChunks(std::uint32_t page) const { return table_[page].cut; }
  // REQUIRES: slot < CutChunks(page).
  ItemHandle ChunkAt(std::uint32_t page, std::uint32_t slot) const {
    return nodes_.HandleOf(nodes_.base + page * page_bytes_ + slot * chunk_bytes_);
  }

  std::uint32_t PageOf(ItemHandle handle) const {
    return static_cast<std::uint32_t>(nodes_.OffsetOf(handle) / page_bytes_);
  }
  std::uint32_t SlotOf(ItemHandle handle) const {
    return static_cast<std::uint32_t>(nodes_.OffsetOf(handle) % page_bytes_ / chunk_bytes_);
  }
  std::size_t pages() const { return order_.size(); }
  std::size_t used_chunks() const { return used_; }
  std::size_t free_chunks() const { return order_.size() * chunks_per_page_ - used_; }
  std::size_t chunks_per_page() const { return chunks_per_page_; }
  // A chunk could be taken without a new page.
  bool HasFreeChunk() const { return !with_room_.empty(); }

 private:
  // The link of a free chunk, in its bytes 4 to 7.
  ItemHandle* NextFree(ItemHandle handle) const {
    return reinterpret_cast<ItemHandle*>(reinterpret_cast<char*>(&nodes_[handle]) +
                                         sizeof(ItemHandle));
  }
  bool HasRoom(const SlabPage& page) const {
    return page.free != kNoItem || page.cut < chunks_per_page_;
  }
  void List(std::uint32_t page);

  NodeMap nodes_;
  SlabPage* table_;
  std::size_t page_bytes_;
  std::size_t chunk_bytes_;
  std::uint32_t chunks_per_page_;
  std::vector<std::uint32_t> order_;      // all pages, as the clock passes over them
  std::vector<std::uint32_t> with_room_;  // pages with free or uncut chunks; the last one is used
  std::size_t used_ = 0;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_SLAB_ALLOCATOR_H_

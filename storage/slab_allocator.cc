#include "storage/slab_allocator.h"

#include <algorithm>
#include <cassert>

namespace ringcache::storage {

void SlabAllocator::List(std::uint32_t page) {
  if (table_[page].listed || table_[page].draining) return;
  table_[page].listed = true;
  with_room_.push_back(page);
}

ItemHandle SlabAllocator::Take() {
  if (with_room_.empty()) return kNoItem;
  const std::uint32_t number = with_room_.back();
  SlabPage& page = table_[number];
  ItemHandle handle = page.free;
  if (handle != kNoItem) {
    page.free = *NextFree(handle);
  } else {
    handle = ChunkAt(number, page.cut++);
    nodes_[handle].SetQueue(EvictionNode::kNoQueue);
  }
  ++page.used;
  ++used_;
  if (!HasRoom(page)) {
    page.listed = false;
    with_room_.pop_back();
  }
  return handle;
}

void SlabAllocator::Give(ItemHandle handle) {
  const std::uint32_t number = PageOf(handle);
  SlabPage& page = table_[number];
  assert(page.used > 0);
  nodes_[handle].SetQueue(EvictionNode::kNoQueue);
  *NextFree(handle) = page.free;
  page.free = handle;
  --page.used;
  --used_;
  List(number);
}

void SlabAllocator::AddPage(std::uint32_t number) {
  SlabPage& page = table_[number];
  page.listed = page.draining = false;
  page.cut = page.used = 0;
  page.free = kNoItem;
  page.order = static_cast<std::uint32_t>(order_.size());
  order_.push_back(number);
  List(number);
}

void SlabAllocator::AddCutPage(std::uint32_t number, std::uint32_t cut) {
  AddPage(number);
  SlabPage& page = table_[number];
  page.cut = page.used = cut;
  used_ += cut;
  if (HasRoom(page)) return;
  page.listed = false;
  with_room_.pop_back();
}

void SlabAllocator::StartDraining(std::uint32_t number) {
  SlabPage& page = table_[number];
  page.draining = true;
  if (!page.listed) return;
  page.listed = false;
  with_room_.erase(std::find(with_room_.begin(), with_room_.end(), number));
}

void SlabAllocator::StopDraining(std::uint32_t number) {
  table_[number].draining = false;
  if (HasRoom(table_[number])) List(number);
}

void SlabAllocator::RemovePage(std::uint32_t number) {
  assert(IsEmpty(number));
  StartDraining(number);
  const std::uint32_t order = table_[number].order;
  order_[order] = order_.back();
  table_[order_[order]].order = order;
  order_.pop_back();
}

bool SlabAllocator::Has(ItemHandle handle) const {
  if (order_.empty()) return false;
  const std::size_t offset = nodes_.OffsetOf(handle);
  const SlabPage& page = table_[offset / page_bytes_];
  // The owner first: of another's page nothing else may be read. It changes under the owner's lock.
  return page.owner.load(std::memory_order_relaxed) ==
             table_[order_.front()].owner.load(std::memory_order_relaxed) &&
         offset % page_bytes_ < page.cut * chunk_bytes_;
}

ItemHandle SlabAllocator::At(ClockHand& hand) const {
  for (std::size_t turned = 0; turned <= order_.size(); ++turned) {
    if (hand.page >= order_.size()) hand = {};
    if (order_.empty()) return kNoItem;
    const std::uint32_t page = order_[hand.page];
    if (hand.slot < table_[page].cut) return ChunkAt(page, hand.slot);
    ++hand.page;
    hand.slot = 0;
  }
  return kNoItem;
}

}  // namespace ringcache::storage

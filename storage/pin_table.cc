#include "storage/pin_table.h"

namespace ringcache::storage {

void PinTable::Add(ItemHandle handle, std::size_t bytes) {
  Shard& shard = ShardOf(handle);
  SpinLockHolder hold(shard.lock);
  Pins& pins = shard.items[handle];
  if (pins.count++ > 0) return;
  pins.bytes = bytes;
  held_bytes_.fetch_add(bytes, std::memory_order_relaxed);
}

bool PinTable::Remove(ItemHandle handle) {
  Shard& shard = ShardOf(handle);
  SpinLockHolder hold(shard.lock);
  const auto found = shard.items.find(handle);
  if (--found->second.count > 0) return false;
  const bool given_up = found->second.given_up;
  held_bytes_.fetch_sub(found->second.bytes, std::memory_order_relaxed);
  shard.items.erase(found);
  return given_up;
}

bool PinTable::Holds(ItemHandle handle) {
  Shard& shard = ShardOf(handle);
  SpinLockHolder hold(shard.lock);
  return shard.items.contains(handle);
}

bool PinTable::GiveUp(ItemHandle handle) {
  Shard& shard = ShardOf(handle);
  SpinLockHolder hold(shard.lock);
  const auto found = shard.items.find(handle);
  if (found == shard.items.end()) return false;
  found->second.given_up = true;
  return true;
}

std::size_t PinTable::size() const {
  std::size_t size = 0;
  for (const Shard& shard : shards_) {
    SpinLockHolder hold(shard.lock);
    size += shard.items.size();
  }
  return size;
}

}  // namespace ringcache::storage

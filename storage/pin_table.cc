#include "storage/pin_table.h"

namespace ringcache::storage {

void PinTable::Add(ItemHandle handle) {
  Shard& shard = ShardOf(handle);
  SpinLockHolder hold(shard.lock);
  ++shard.items[handle].count;
}

bool PinTable::Remove(ItemHandle handle) {
  Shard& shard = ShardOf(handle);
  SpinLockHolder hold(shard.lock);
  const auto found = shard.items.find(handle);
  if (--found->second.count > 0) return false;
  const bool given_up = found->second.given_up;
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

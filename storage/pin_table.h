// Who holds items beyond the key's lock. Few do, and briefly (a large value that is being sent), so
// the counts lie beside the items and cost those nothing: an item only has a bit that says whether
// to look here.
//
// Thread safety: any thread. Its locks are leaves: nothing else is locked under them.

#ifndef RINGCACHE_STORAGE_PIN_TABLE_H_
#define RINGCACHE_STORAGE_PIN_TABLE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "storage/eviction/eviction_node.h"
#include "storage/spin_lock.h"

namespace ringcache::storage {

class PinTable {
 public:
  // `bytes`: what the item takes in memory, for held_bytes(). REQUIRES: the key's lock, and the
  // item is in the index.
  void Add(ItemHandle handle, std::size_t bytes);
  // True if that was the last pin of an item that was given up: the caller frees it.
  bool Remove(ItemHandle handle);
  // False once nobody holds the item. REQUIRES: as Add, or else the answer may be outdated.
  bool Holds(ItemHandle handle);
  // For an item that has left the index. True if it is still held: whoever drops the last pin frees
  // it. False: the caller does.
  bool GiveUp(ItemHandle handle);
  std::size_t size() const;
  // Of all items that are held, each counted once.
  std::size_t held_bytes() const { return held_bytes_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kShards = 16;
  struct Pins {
    std::size_t bytes = 0;
    std::uint32_t count = 0;
    bool given_up = false;
  };
  struct alignas(64) Shard {
    mutable SpinLock lock;
    absl::flat_hash_map<ItemHandle, Pins> items ABSL_GUARDED_BY(lock);
  };
  Shard& ShardOf(ItemHandle handle) { return shards_[handle * 0x9e3779b1u >> 28]; }

  std::array<Shard, kShards> shards_;
  // Relaxed: a sum, which nothing else depends on.
  std::atomic<std::size_t> held_bytes_{0};
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_PIN_TABLE_H_

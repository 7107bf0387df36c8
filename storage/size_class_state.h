// What a store keeps for each size class, under one lock.
//
// Thread safety: `lock` guards what is not atomic.

#ifndef RINGCACHE_STORAGE_SIZE_CLASS_STATE_H_
#define RINGCACHE_STORAGE_SIZE_CLASS_STATE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "storage/eviction/eviction_policy.h"
#include "storage/eviction/s3_fifo_policy.h"
#include "storage/eviction/segmented_lru_policy.h"
#include "storage/slab_allocator.h"
#include "storage/spin_lock.h"
#include "storage/store_options.h"
#include "storage/store_stats.h"

namespace ringcache::storage {

struct alignas(64) SizeClassState {
  SizeClassState(NodeMap nodes, SlabPage* pages, std::size_t chunk_bytes, EvictionKind eviction)
      : slabs(nodes, pages, kPageBytes, chunk_bytes),
        policy(CreatePolicy(eviction, nodes, &slabs)) {}

  mutable SpinLock lock;
  SlabAllocator slabs ABSL_GUARDED_BY(lock);
  const std::unique_ptr<EvictionPolicy> policy ABSL_PT_GUARDED_BY(lock);
  EvictionCounters events ABSL_GUARDED_BY(lock);
  // The policy's promotions and second chances at the last reset of the counters.
  EvictionPolicy::Counts counts_at_reset ABSL_GUARDED_BY(lock);
  // What is used of the chunks of items that were linked, and of pieces, whose chunk is not free
  // yet. Atomic, relaxed: an overwrite in place changes it under the key's lock.
  std::atomic<std::size_t> item_bytes{0};
  // Chunks that hold a piece of a value. Relaxed: one number, for Stats.
  std::atomic<std::size_t> pieces{0};
  // Items in the policy's queues, and how many there ever were.
  std::size_t items ABSL_GUARDED_BY(lock) = 0;
  std::uint64_t total_items ABSL_GUARDED_BY(lock) = 0;
  // Evictions since the class last asked for a page of another one.
  std::size_t evictions_unheard ABSL_GUARDED_BY(lock) = 0;
  // The policy's memory, as last added to the store's sum.
  std::size_t policy_bytes ABSL_GUARDED_BY(lock) = 0;

 private:
  static std::unique_ptr<EvictionPolicy> CreatePolicy(EvictionKind eviction, NodeMap nodes,
                                                      const ChunkOrder* chunks) {
    switch (eviction) {
      case EvictionKind::kS3Fifo:
        return std::make_unique<S3FifoPolicy>(nodes, chunks);
      case EvictionKind::kSegmentedLru:
        return std::make_unique<SegmentedLruPolicy>(nodes, chunks);
    }
    return nullptr;
  }
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_SIZE_CLASS_STATE_H_

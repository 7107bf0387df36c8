// The part of an item that an eviction policy sees: which queue it is in, and a use counter; no
// links. Nodes are named by 32-bit handles; a NodeMap turns a handle into the node's address.
//
// Thread safety: `queue` is written under the lock of the size class that the node belongs to, and
// before the node is known to others. `usage` is bumped by readers under the key's lock while an
// evictor reads and lowers it under the class's: atomic, and a lost update does no harm.

#ifndef RINGCACHE_STORAGE_EVICTION_EVICTION_NODE_H_
#define RINGCACHE_STORAGE_EVICTION_EVICTION_NODE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ringcache::storage {

// Names an item: its offset in the arena in units of 1 << NodeMap::unit_shift, plus one.
using ItemHandle = std::uint32_t;
inline constexpr ItemHandle kNoItem = 0;

struct EvictionNode {
  // Uses are counted up to this and then no longer written: a hot item's line stays clean.
  static constexpr std::uint8_t kMaxUses = 3;
  static constexpr std::uint8_t kUsesMask = 0x03;
  // Set by the first read; part of the same byte so that a hit writes it at most once.
  static constexpr std::uint8_t kFetched = 0x04;
  static constexpr std::uint8_t kNotFetched = 0;
  // The bits above belong to the node's owner. They never change while others know the node, so
  // the plain stores below keep them.
  static constexpr std::uint8_t kOwnerBits = 0xf8;

  // Where a node is. A free chunk, and an item that nobody knows yet, is nowhere.
  enum Queue : std::uint8_t {
    kNoQueue = 0,
    kProbationQueue = 1,  // has yet to prove useful
    kMainQueue = 2,       // has proved useful
    // Picked to be removed or moved: out of its queue, soon out of the index.
    kLeaving = 3,
    // In the index, its queue yet to be chosen by the thread that linked it.
    kEntering = 4,
    // Removed while entering: that thread frees it.
    kAbandoned = 5,
    // Holds a piece of another item's value.
    kPiece = 6,
  };
  static constexpr int kQueueBits = 3;
  // The bits above the queue are the policy's: it may tell stays in a queue apart by them.
  static constexpr int kStampBits = 8 - kQueueBits;

  std::atomic<std::uint8_t> usage;
  std::atomic<std::uint8_t> queue_and_stamp;

  // Release and acquire: who sees an item in its queue sees it counted, and an evictor that takes
  // over a chunk from the one that picked it comes after that one's reads.
  Queue queue() const {
    return static_cast<Queue>(queue_and_stamp.load(std::memory_order_acquire) &
                              ((1 << kQueueBits) - 1));
  }
  unsigned stamp() const { return queue_and_stamp.load(std::memory_order_acquire) >> kQueueBits; }
  void SetQueue(Queue queue, unsigned stamp = 0) {
    queue_and_stamp.store(static_cast<std::uint8_t>(queue | stamp << kQueueBits),
                          std::memory_order_release);
  }

  // Callers hold the key's lock, so increments are not lost to each other.
  void NoteUse(std::uint8_t fetched = kFetched) {
    const std::uint8_t before = usage.load(std::memory_order_relaxed);
    const bool full = (before & kUsesMask) == kMaxUses;
    const auto after = static_cast<std::uint8_t>((full ? before : before + 1) | fetched);
    if (after != before) usage.store(after, std::memory_order_relaxed);
  }
  void ForgetFetch() {
    const std::uint8_t before = usage.load(std::memory_order_relaxed);
    if ((before & kFetched) == 0) return;
    usage.store(static_cast<std::uint8_t>(before & ~kFetched), std::memory_order_relaxed);
  }
  int uses() const { return usage.load(std::memory_order_relaxed) & kUsesMask; }
  bool fetched() const { return (usage.load(std::memory_order_relaxed) & kFetched) != 0; }
  void SetUses(int uses) {
    const std::uint8_t before = usage.load(std::memory_order_relaxed);
    usage.store(static_cast<std::uint8_t>((before & ~kUsesMask) | uses), std::memory_order_relaxed);
  }
};
static_assert(sizeof(EvictionNode) == 2);

// Handles to addresses: base + (handle - 1) << unit_shift.
struct NodeMap {
  char* base = nullptr;
  int unit_shift = 3;

  EvictionNode& operator[](ItemHandle handle) const {
    return *reinterpret_cast<EvictionNode*>(base + OffsetOf(handle));
  }
  std::size_t OffsetOf(ItemHandle handle) const { return std::size_t{handle - 1} << unit_shift; }
  // REQUIRES: `at` is aligned to the unit.
  ItemHandle HandleOf(const void* at) const {
    const std::size_t offset = static_cast<std::size_t>(static_cast<const char*>(at) - base);
    return static_cast<ItemHandle>(offset >> unit_shift) + 1;
  }
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_EVICTION_EVICTION_NODE_H_

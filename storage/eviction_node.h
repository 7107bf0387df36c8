// The part of an item that an eviction policy sees: queue links and a use counter. Nodes are named
// by 32-bit handles; a NodeMap turns a handle into the node's address.
//
// Thread safety: links are guarded by the lock of the size class that the node belongs to. `queue`
// and `usage` are atomic: readers bump `usage` under the key's lock while an evictor reads it under
// the class's.

#ifndef RINGCACHE_STORAGE_EVICTION_NODE_H_
#define RINGCACHE_STORAGE_EVICTION_NODE_H_

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

  // Values of `queue`: none, the queue of nodes that have yet to prove useful, of those that have.
  static constexpr std::uint8_t kNoQueue = 0;
  static constexpr std::uint8_t kProbationQueue = 1;
  static constexpr std::uint8_t kMainQueue = 2;
  // In no queue, because an evictor picked it and will take it out of the index.
  static constexpr std::uint8_t kLeaving = 3;

  ItemHandle next;
  ItemHandle previous;
  std::atomic<std::uint8_t> queue;
  std::atomic<std::uint8_t> usage;

  // Relaxed: the counter steers eviction only, nothing is published through it. Callers hold the
  // key's lock, so increments are not lost to each other; one lost to an evictor does no harm.
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

// Handles to addresses: base + (handle - 1) << unit_shift.
struct NodeMap {
  char* base = nullptr;
  int unit_shift = 3;

  EvictionNode& operator[](ItemHandle handle) const {
    return *reinterpret_cast<EvictionNode*>(base + (std::size_t{handle - 1} << unit_shift));
  }
  // REQUIRES: `at` is aligned to the unit.
  ItemHandle HandleOf(const void* at) const {
    const std::size_t offset = static_cast<std::size_t>(static_cast<const char*>(at) - base);
    return static_cast<ItemHandle>(offset >> unit_shift) + 1;
  }
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_EVICTION_NODE_H_

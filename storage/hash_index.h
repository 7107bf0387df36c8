// The index: from a 64-bit hash to item handles; callers say which candidate is theirs. A bucket is
// one cache line: twelve slots of a handle and a tag (eight bits of the hash), so that a lookup
// costs a line for the bucket and, nearly always, one for the right item. A full bucket continues
// in overflow blocks of four slots.
//
//   0             8        12        16                                   64
//   ┌─────────────┬────────┬─────────┬─────────┬─────────┬───────┬────────┐
//   │ tags 0 .. 7 │ 8 .. 11│ control │handle 0 │handle 1 │  ...  │ h. 11  │   control: lock bit,
//   └─────────────┴────────┴─────────┴─────────┴─────────┴───────┴────────┘   overflow block
//
// Growing never pauses: linear hashing (Litwin, 1980) with two partial expansions (Larson, 1980).
// A group of two buckets grows to three, then to four, which are two groups of two.
//
// Thread safety: a Guard holds the lock of one bucket and the buckets it continues in. Prefetches
// take no lock.

#ifndef RINGCACHE_STORAGE_HASH_INDEX_H_
#define RINGCACHE_STORAGE_HASH_INDEX_H_

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "storage/eviction/eviction_node.h"
#include "storage/prefetch.h"
#include "storage/reserved_memory.h"
#include "storage/spin_lock.h"

namespace ringcache::storage {

// As a capability for clang's analysis, an index stands for any one of its buckets.
class ABSL_LOCKABLE HashIndex {
 private:
  struct Bucket;
  struct Block;

 public:
  static constexpr std::size_t kSlots = 12;
  static constexpr std::size_t kBlockSlots = 4;
  // A bucket is added when there are more items than this many a bucket on average. 9.5 makes 7.3
  // bytes an item; one item in 19 is in an overflow block.
  static constexpr double kTargetItemsPerBucket = 9.5;

  // Laid out for 1 << initial_items_log2 items, or for `expected_items` if these want more buckets;
  // growing up to `max_items`.
  static absl::StatusOr<HashIndex> Create(int initial_items_log2, std::size_t max_items,
                                          std::size_t expected_items = 0);
  HashIndex(HashIndex&& other) noexcept;

  // Where an item is, valid while the guard is held. False: not found.
  class Slot {
   public:
    explicit operator bool() const { return bucket_ != nullptr; }

   private:
    friend class HashIndex;
    ItemHandle Handle() const;
    std::uint8_t Tag() const;
    void Put(std::uint8_t tag, ItemHandle handle);

    Bucket* bucket_ = nullptr;  // the chain's first
    Block* block_ = nullptr;    // null: in the bucket itself
    std::size_t index_ = 0;
  };

  // Locks the bucket of a hash and what it continues in.
  class ABSL_SCOPED_LOCKABLE Guard {
   public:
    Guard(HashIndex& index, std::uint64_t hash) ABSL_EXCLUSIVE_LOCK_FUNCTION(index);
    ~Guard() ABSL_UNLOCK_FUNCTION() { bucket_->Unlock(); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    friend class HashIndex;
    Bucket* bucket_;
  };

  void PrefetchBucket(std::uint64_t hash) const { Prefetch(&buckets()[AddressOf(hash)]); }
  // Calls `found(handle)` for the bucket's slots whose tag matches, without a lock: a hint,
  // possibly outdated. If none does, prefetches where the bucket continues.
  template <typename Found>
  void PeekCandidates(std::uint64_t hash, Found&& found) const {
    const Bucket& bucket = buckets()[AddressOf(hash)];
    std::uint32_t matches = bucket.Match(TagOf(hash));
    if (matches == 0) {
      if (const std::uint32_t id = bucket.overflow(); id != 0) Prefetch(BlockAt(id));
    }
    for (; matches != 0; matches &= matches - 1) {
      const ItemHandle handle =
          bucket.HandleAt(static_cast<std::size_t>(std::countr_zero(matches)));
      if (handle != kNoItem) found(handle);
    }
  }

  // The slot for which `is_it(handle)` is true. REQUIRES: `guard` was made for `hash`.
  template <typename IsIt>
  Slot Find(const Guard& guard, std::uint64_t hash, IsIt&& is_it) const {
    Slot slot;
    slot.bucket_ = guard.bucket_;
    const auto is_in = [&](const auto& unit) {
      for (std::uint32_t matches = unit.Match(TagOf(hash)); matches != 0; matches &= matches - 1) {
        slot.index_ = static_cast<std::size_t>(std::countr_zero(matches));
        const ItemHandle handle = unit.HandleAt(slot.index_);
        if (handle != kNoItem && is_it(handle)) return true;
      }
      return false;
    };
    if (is_in(*slot.bucket_)) return slot;
    for (slot.block_ = BlockAt(slot.bucket_->overflow()); slot.block_ != nullptr;
         slot.block_ = BlockAt(slot.block_->overflow())) {
      if (is_in(*slot.block_)) return slot;
    }
    return Slot();
  }
  ItemHandle HandleAt(Slot slot) const { return slot.Handle(); }

  // False when there is no room for another overflow block: nothing was inserted.
  bool Insert(const Guard& guard, std::uint64_t hash, ItemHandle handle);
  // The same hash, another item.
  void Replace(Slot slot, ItemHandle handle) { slot.Put(slot.Tag(), handle); }
  void Erase(const Guard&, Slot slot) { EraseFrom(slot); }

  // Adds at most `steps` buckets if the table is fuller than intended. `hash_of(handle)` is called
  // under buckets' locks. REQUIRES: the caller holds no guard.
  template <typename HashOf>
  void Grow(int steps, HashOf&& hash_of);
  bool WantsToGrow() const {
    const std::size_t buckets = bucket_count();
    return static_cast<double>(items()) > static_cast<double>(buckets) * kTargetItemsPerBucket &&
           buckets < max_buckets_;
  }

  // Gives memory to the buckets that come next, a step a call; false: nothing is to be done. One
  // thread at a time.
  bool PopulateAhead();

  // Calls `visit(handle)` for every item of one bucket, under its lock.
  // REQUIRES (both): bucket < bucket_count(), and the caller holds no guard.
  template <typename Visit>
  void VisitBucket(std::size_t bucket, Visit&& visit);
  // Erases the items of one bucket for which `condition(handle)` is true.
  template <typename Condition>
  void EraseIf(std::size_t bucket, Condition&& condition);

  // The bucket that this hash belongs to at the moment.
  std::size_t AddressOf(std::uint64_t hash) const { return Address(hash, bucket_count()); }
  std::size_t items() const { return items_.load(std::memory_order_relaxed); }
  std::size_t bucket_count() const { return bucket_count_.load(std::memory_order_acquire); }
  // In use at the moment.
  std::size_t overflow_blocks() const { return overflow_used_.load(std::memory_order_relaxed); }
  // Memory touched: all buckets, and all overflow blocks that ever were in use.
  std::size_t bytes() const {
    return bucket_count() * sizeof(Bucket) +
           overflow_fresh_.load(std::memory_order_relaxed) * sizeof(Block);
  }

 private:
  static constexpr std::uint32_t kLocked = 1;

  struct alignas(64) Bucket {
    std::atomic<std::uint64_t> tags_low;
    std::atomic<std::uint32_t> tags_high;
    // Bit 0: locked. Above: the first overflow block's id, or 0.
    std::atomic<std::uint32_t> control;
    std::array<std::atomic<ItemHandle>, kSlots> handles;

    void Lock() {
      // Acquire: sees the slots as the last holder left them.
      for (int round = 0; (control.fetch_or(kLocked, std::memory_order_acquire) & kLocked) != 0;) {
        while ((control.load(std::memory_order_relaxed) & kLocked) != 0) BackOff(round++);
      }
    }
    void Unlock() {
      control.store(control.load(std::memory_order_relaxed) & ~kLocked, std::memory_order_release);
    }
    // Bit i: slot i has this tag. Empty slots have tag 0.
    std::uint32_t Match(std::uint8_t tag) const {
      const std::uint32_t low = MatchBytes(tags_low.load(std::memory_order_relaxed), tag);
      const std::uint32_t high = MatchBytes(tags_high.load(std::memory_order_relaxed), tag);
      return low | (high & 0xf) << 8;
    }
    ItemHandle HandleAt(std::size_t slot) const {
      return handles[slot].load(std::memory_order_relaxed);
    }
    std::uint8_t TagAt(std::size_t slot) const {
      const std::uint64_t tags = slot < 8 ? tags_low.load(std::memory_order_relaxed)
                                          : tags_high.load(std::memory_order_relaxed);
      return static_cast<std::uint8_t>(tags >> (slot % 8 * 8));
    }
    void Put(std::size_t slot, std::uint8_t tag, ItemHandle handle);
    std::uint32_t overflow() const { return control.load(std::memory_order_relaxed) >> 1; }
    void set_overflow(std::uint32_t overflow) {
      const std::uint32_t locked = control.load(std::memory_order_relaxed) & kLocked;
      control.store(overflow << 1 | locked, std::memory_order_relaxed);
    }
  };
  static_assert(sizeof(Bucket) == 64);

  // Guarded by its chain's first bucket. Ids count from 1.
  struct Block {
    std::atomic<std::uint32_t> tags;
    // The id of the chain's next block or, in a free block, of the next free one; 0: none.
    std::atomic<std::uint32_t> next;
    std::array<std::atomic<ItemHandle>, kBlockSlots> handles;

    std::uint32_t Match(std::uint8_t tag) const {
      return MatchBytes(tags.load(std::memory_order_relaxed), tag) & 0xf;
    }
    ItemHandle HandleAt(std::size_t slot) const {
      return handles[slot].load(std::memory_order_relaxed);
    }
    std::uint8_t TagAt(std::size_t slot) const {
      return static_cast<std::uint8_t>(tags.load(std::memory_order_relaxed) >> (slot * 8));
    }
    void Put(std::size_t slot, std::uint8_t tag, ItemHandle handle);
    std::uint32_t overflow() const { return next.load(std::memory_order_relaxed); }
    void set_overflow(std::uint32_t id) { next.store(id, std::memory_order_relaxed); }
  };
  static_assert(sizeof(Block) == 24);

  // Bit i: byte i of `word` equals `tag`.
  static std::uint32_t MatchBytes(std::uint64_t word, std::uint8_t tag) {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kHighs = kOnes << 7;
    const std::uint64_t difference = word ^ (kOnes * tag);
    // Exact: bit 7 of each byte of `zero` is set if and only if that byte of `difference` is 0.
    const std::uint64_t zero = ~(((difference & ~kHighs) + ~kHighs) | difference | ~kHighs);
    // Gathers the eight high bits into one byte.
    return static_cast<std::uint32_t>(((zero >> 7) * 0x0102040810204080) >> 56);
  }
  static std::uint8_t TagOf(std::uint64_t hash) { return static_cast<std::uint8_t>(hash >> 56); }

  HashIndex(ReservedMemory table, ReservedMemory overflow, std::size_t initial_buckets,
            std::size_t max_buckets, std::size_t max_overflow);

  Bucket* buckets() const { return reinterpret_cast<Bucket*>(table_.data()); }
  // Null for 0.
  Block* BlockAt(std::uint32_t id) const {
    return id == 0 ? nullptr : reinterpret_cast<Block*>(overflow_.data()) + (id - 1);
  }

  // How far the table has grown: groups, of which the first `grown` have one bucket more.
  struct Extent {
    explicit Extent(std::size_t bucket_count)
        : level(static_cast<int>(std::bit_width(bucket_count)) - 2),
          groups(std::size_t{1} << level),
          buckets_in_group(bucket_count >= 3 * groups ? 3 : 2),
          grown(bucket_count - buckets_in_group * groups) {}
    int level;
    std::size_t groups;
    std::size_t buckets_in_group;
    std::size_t grown;
  };
  // Bucket m of group g is number m * groups + g. REQUIRES: bucket_count >= 2.
  static std::size_t Address(std::uint64_t hash, std::size_t bucket_count);

  template <typename Visit>
  void VisitChain(Bucket* first, Visit&& visit);
  // `take()` gives an overflow block's id, or 0.
  template <typename Take>
  bool InsertInto(Bucket* first, std::uint8_t tag, ItemHandle handle, Take&& take);
  // Moves the chain's last item into the hole, so that chains have no gaps. True if the hole's
  // block went with that.
  bool EraseFrom(Slot hole);

  // What was in a group's chains, where it belongs, and the overflow blocks for it.
  struct Contents {
    struct Entry {
      ItemHandle handle;
      std::uint8_t tag;
      std::size_t home;
    };
    absl::InlinedVector<Entry, 64> entries;
    absl::InlinedVector<std::uint32_t, 12> blocks;
    std::uint32_t TakeBlock();
  };
  // Unlinks a chain's items and blocks.
  void Empty(Bucket* first, Contents& contents);
  // Puts into `contents.blocks` as many as the entries need more than their chains have.
  bool TakeMissingBlocks(std::size_t chains_have, Contents& contents);
  // Adds a bucket to the group whose turn it is. False: no room for overflow blocks.
  template <typename HashOf>
  bool GrowGroup(HashOf&& hash_of);

  // Lock-free stack of overflow blocks that were used and emptied. 0: none left.
  std::uint32_t TakeBlock();
  void ReturnBlock(std::uint32_t id);

  ReservedMemory table_;
  ReservedMemory overflow_;
  std::size_t max_buckets_;
  std::size_t max_overflow_;
  // Acquire/release: who sees a new count sees the new bucket's contents.
  std::atomic<std::size_t> bucket_count_;
  // On a line of its own: every insertion writes it, every lookup reads what is above.
  alignas(64) std::atomic<std::size_t> items_{0};
  std::atomic<bool> growing_{false};
  std::atomic<std::uint32_t> overflow_fresh_{0};  // ids ever handed out
  std::atomic<std::size_t> overflow_used_{0};
  std::atomic<std::uint64_t> overflow_free_{0};  // top id, and a change count against ABA above it
};

inline ItemHandle HashIndex::Slot::Handle() const {
  return block_ != nullptr ? block_->HandleAt(index_) : bucket_->HandleAt(index_);
}
inline std::uint8_t HashIndex::Slot::Tag() const {
  return block_ != nullptr ? block_->TagAt(index_) : bucket_->TagAt(index_);
}
inline void HashIndex::Slot::Put(std::uint8_t tag, ItemHandle handle) {
  block_ != nullptr ? block_->Put(index_, tag, handle) : bucket_->Put(index_, tag, handle);
}

inline HashIndex::Guard::Guard(HashIndex& index, std::uint64_t hash) {
  while (true) {
    const std::size_t count = index.bucket_count();
    const std::size_t address = Address(hash, count);
    bucket_ = &index.buckets()[address];
    bucket_->Lock();
    // The table may have grown, and the hash moved, while we waited.
    const std::size_t count_now = index.bucket_count();
    if (count_now == count || Address(hash, count_now) == address) return;
    bucket_->Unlock();
  }
}

// A group's members are told apart so that growth moves items to the new member only: bucket 0, 1
// with two members; 0, 1, 2 with three; 0 .. 3 with four, and these are two groups of two at the
// next level. With b bits 0 .. 27 and r bits 28 .. 55 of the hash, bit k of the group is r[k] if
// b[k+1] is set, b[k] if not, all k at once; at level k a member is
//   b[k]                                                                     of two,
//   b[k] if b[k+1] is 0, or bit k of the group is 1 and not in a third; or 2  of three,
//   2 * b[k+1] + bit k of the group                                          of four.
// Given the bits above, each bit of the group is fair, so that each bucket gets an equal share of
// its group.
inline std::size_t HashIndex::Address(std::uint64_t hash, std::size_t bucket_count) {
  constexpr int kSecondPart = 28;
  constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15;  // the golden ratio's digits
  constexpr std::uint64_t kThird = ~std::uint64_t{0} / 3;
  const Extent extent(bucket_count);
  const std::uint64_t above = hash >> 1;
  const std::uint64_t group_bits = (hash & ~above) | ((hash >> kSecondPart) & above);
  const std::size_t group = group_bits & (extent.groups - 1);
  const std::size_t members = extent.buckets_in_group + (group < extent.grown ? 1 : 0);
  const std::size_t low = hash >> extent.level & 1;
  const std::size_t high = above >> extent.level & 1;
  const std::size_t next_bit = group_bits >> extent.level & 1;
  const bool of_three = (high & ((next_bit ^ 1) | (hash * kMix < kThird ? 1 : 0))) != 0;
  const std::size_t if_three = of_three ? 2 : low;
  const std::size_t if_four = 2 * high + next_bit;
  const std::size_t member = members == 2 ? low : members == 3 ? if_three : if_four;
  return member * extent.groups + group;
}

template <typename HashOf>
void HashIndex::Grow(int steps, HashOf&& hash_of) {
  if (!WantsToGrow()) return;
  // One thread grows it; others need not wait for it. Acquire/release: steps follow each other.
  if (growing_.exchange(true, std::memory_order_acquire)) return;
  for (int step = 0; step < steps && WantsToGrow(); ++step) {
    if (!GrowGroup(hash_of)) break;
  }
  growing_.store(false, std::memory_order_release);
}

template <typename HashOf>
bool HashIndex::GrowGroup(HashOf&& hash_of) {
  const std::size_t count = bucket_count();
  const Extent extent(count);
  const auto member = [&](std::size_t number) {
    return &buckets()[number * extent.groups + extent.grown];
  };
  Contents contents;
  std::size_t chains_have = 0;
  // Only the one thread that grows the table holds more than one bucket.
  for (std::size_t number = 0; number < extent.buckets_in_group; ++number) {
    Bucket* const source = member(number);
    source->Lock();
    VisitChain(source, [&](Slot slot) {
      const std::size_t home = Address(hash_of(slot.Handle()), count + 1);
      contents.entries.push_back({slot.Handle(), slot.Tag(), home});
      if (slot.block_ != nullptr && slot.index_ == 0) ++chains_have;
    });
  }
  const bool room = TakeMissingBlocks(chains_have, contents);
  if (room) {
    for (std::size_t number = 0; number < extent.buckets_in_group; ++number) {
      Empty(member(number), contents);
    }
    for (const Contents::Entry& entry : contents.entries) {
      InsertInto(&buckets()[entry.home], entry.tag, entry.handle,
                 [&] { return contents.TakeBlock(); });
    }
    bucket_count_.store(count + 1, std::memory_order_release);
  }
  for (std::size_t number = 0; number < extent.buckets_in_group; ++number) {
    member(number)->Unlock();
  }
  for (const std::uint32_t id : contents.blocks) ReturnBlock(id);
  return room;
}

template <typename Visit>
void HashIndex::VisitChain(Bucket* first, Visit&& visit) {
  Slot slot;
  slot.bucket_ = first;
  const auto visit_unit = [&](const auto& unit, std::size_t slots) {
    for (slot.index_ = 0; slot.index_ < slots; ++slot.index_) {
      if (unit.HandleAt(slot.index_) != kNoItem) visit(slot);
    }
  };
  visit_unit(*first, kSlots);
  for (slot.block_ = BlockAt(first->overflow()); slot.block_ != nullptr;
       slot.block_ = BlockAt(slot.block_->overflow())) {
    visit_unit(*slot.block_, kBlockSlots);
  }
}

template <typename Take>
bool HashIndex::InsertInto(Bucket* first, std::uint8_t tag, ItemHandle handle, Take&& take) {
  const auto put = [&](auto& unit, std::size_t slots) {
    for (std::size_t slot = 0; slot < slots; ++slot) {
      if (unit.HandleAt(slot) != kNoItem) continue;
      unit.Put(slot, tag, handle);
      return true;
    }
    return false;
  };
  if (put(*first, kSlots)) return true;
  Block* last = nullptr;
  for (Block* block = BlockAt(first->overflow()); block != nullptr;
       block = BlockAt(block->overflow())) {
    if (put(*block, kBlockSlots)) return true;
    last = block;
  }
  const std::uint32_t id = take();
  if (id == 0) return false;
  BlockAt(id)->Put(0, tag, handle);
  last != nullptr ? last->set_overflow(id) : first->set_overflow(id);
  return true;
}

template <typename Visit>
void HashIndex::VisitBucket(std::size_t number, Visit&& visit) {
  Bucket* const first = &buckets()[number];
  first->Lock();
  VisitChain(first, [&](Slot slot) { visit(slot.Handle()); });
  first->Unlock();
}

template <typename Condition>
void HashIndex::EraseIf(std::size_t number, Condition&& condition) {
  Slot slot;
  slot.bucket_ = &buckets()[number];
  slot.bucket_->Lock();
  while (true) {
    const ItemHandle handle = slot.Handle();
    if (handle != kNoItem && condition(handle)) {
      // What fills the hole, if anything, is looked at next. The hole's own block may go, too.
      if (EraseFrom(slot)) break;
      if (slot.Handle() != kNoItem) continue;
    }
    if (++slot.index_ < (slot.block_ != nullptr ? kBlockSlots : kSlots)) continue;
    slot.index_ = 0;
    slot.block_ =
        BlockAt(slot.block_ != nullptr ? slot.block_->overflow() : slot.bucket_->overflow());
    if (slot.block_ == nullptr) break;
  }
  slot.bucket_->Unlock();
}

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_HASH_INDEX_H_

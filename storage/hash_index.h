// The index: from a 64-bit hash to item handles. It knows no keys; callers say which candidate is
// theirs.
//
// Buckets are one cache line: twelve slots of a handle and a tag (eight bits of the hash), so that
// a lookup costs a line for the bucket and, nearly always, one for the right item. A full bucket
// continues in an overflow bucket. The table grows by linear hashing (Litwin, 1980): one bucket is
// split at a time, so growing never pauses.
//
//   0             8        12        16                                   64
//   ┌─────────────┬────────┬─────────┬─────────┬─────────┬───────┬────────┐
//   │ tags 0 .. 7 │ 8 .. 11│ control │handle 0 │handle 1 │  ...  │ h. 11  │   control: lock bit,
//   └─────────────┴────────┴─────────┴─────────┴─────────┴───────┴────────┘   overflow bucket
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
#include "storage/eviction_node.h"
#include "storage/prefetch.h"
#include "storage/reserved_memory.h"
#include "storage/spin_lock.h"

namespace ringcache::storage {

// As a capability for clang's analysis, an index stands for any one of its buckets.
class ABSL_LOCKABLE HashIndex {
 private:
  struct Bucket;

 public:
  static constexpr std::size_t kSlots = 12;
  // A bucket is split when there are more items than this many a bucket on average.
  static constexpr std::size_t kTargetItemsPerBucket = 7;

  // Laid out for 1 << initial_items_log2 items, growing up to `max_items`.
  static absl::StatusOr<HashIndex> Create(int initial_items_log2, std::size_t max_items);
  HashIndex(HashIndex&& other) noexcept;

  // Where an item is, valid while the guard is held. False: not found.
  class Slot {
   public:
    explicit operator bool() const { return bucket_ != nullptr; }

   private:
    friend class HashIndex;
    Bucket* bucket_ = nullptr;
    std::size_t index_ = 0;
  };

  // Locks the bucket of a hash.
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
  // Calls `found(handle)` for the slots whose tag matches, without a lock: a hint, possibly
  // outdated.
  template <typename Found>
  void PeekCandidates(std::uint64_t hash, Found&& found) const {
    const Bucket& bucket = buckets()[AddressOf(hash)];
    for (std::uint32_t matches = bucket.Match(TagOf(hash)); matches != 0; matches &= matches - 1) {
      const ItemHandle handle =
          bucket.HandleAt(static_cast<std::size_t>(std::countr_zero(matches)));
      if (handle != kNoItem) found(handle);
    }
  }

  // The slot for which `is_it(handle)` is true. REQUIRES: `guard` was made for `hash`.
  template <typename IsIt>
  Slot Find(const Guard& guard, std::uint64_t hash, IsIt&& is_it) const {
    Slot slot;
    for (slot.bucket_ = guard.bucket_; slot.bucket_ != nullptr;
         slot.bucket_ = Next(*slot.bucket_)) {
      std::uint32_t matches = slot.bucket_->Match(TagOf(hash));
      for (; matches != 0; matches &= matches - 1) {
        slot.index_ = static_cast<std::size_t>(std::countr_zero(matches));
        const ItemHandle handle = slot.bucket_->HandleAt(slot.index_);
        if (handle != kNoItem && is_it(handle)) return slot;
      }
    }
    return slot;
  }
  ItemHandle HandleAt(Slot slot) const { return slot.bucket_->HandleAt(slot.index_); }

  // False when there is no room for another overflow bucket: nothing was inserted.
  bool Insert(const Guard& guard, std::uint64_t hash, ItemHandle handle);
  // The same hash, another item.
  void Replace(Slot slot, ItemHandle handle) {
    slot.bucket_->handles[slot.index_].store(handle, std::memory_order_relaxed);
  }
  void Erase(const Guard& guard, Slot slot) { EraseFrom(guard.bucket_, slot.bucket_, slot.index_); }

  // Splits at most `steps` buckets if the table is fuller than intended. `hash_of(handle)` is
  // called under a bucket's lock. REQUIRES: the caller holds no guard.
  template <typename HashOf>
  void Grow(int steps, HashOf&& hash_of);
  bool WantsToGrow() const {
    return items() > bucket_count() * kTargetItemsPerBucket && bucket_count() < max_buckets_;
  }

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
  std::size_t overflow_buckets() const { return overflow_used_.load(std::memory_order_relaxed); }
  std::size_t bytes() const { return (bucket_count() + overflow_buckets()) * sizeof(Bucket); }

 private:
  static constexpr std::uint32_t kLocked = 1;

  struct alignas(64) Bucket {
    std::atomic<std::uint64_t> tags_low;
    std::atomic<std::uint32_t> tags_high;
    // Bit 0: locked. Above: 1 + index of the overflow bucket, or 0. In a free overflow bucket, the
    // next free one. Only the first bucket of a chain is locked.
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
  Bucket* overflow_bucket(std::uint32_t id) const {
    return reinterpret_cast<Bucket*>(overflow_.data()) + (id - 1);
  }
  Bucket* Next(const Bucket& bucket) const {
    const std::uint32_t id = bucket.overflow();
    return id == 0 ? nullptr : overflow_bucket(id);
  }
  static std::size_t Address(std::uint64_t hash, std::size_t bucket_count) {
    const std::size_t mask = std::bit_ceil(bucket_count) - 1;
    const std::size_t address = hash & mask;
    return address < bucket_count ? address : hash & (mask >> 1);
  }

  // `take()` gives an overflow bucket's id, or 0.
  template <typename Take>
  bool InsertInto(Bucket* bucket, std::uint8_t tag, ItemHandle handle, Take&& take);
  // Moves the chain's last item into the hole, so that chains have no gaps. True if the hole's
  // bucket went with that.
  bool EraseFrom(Bucket* first, Bucket* hole_bucket, std::size_t hole);

  // What was in a chain, and the overflow buckets it used, now unlinked.
  struct Contents {
    absl::InlinedVector<ItemHandle, 4 * kSlots> handles;
    absl::InlinedVector<std::uint32_t, 3> overflow;
    std::uint32_t TakeOverflow();
  };
  void Empty(Bucket* first, Contents& contents);
  template <typename HashOf>
  void SplitOne(HashOf&& hash_of);

  // Lock-free stack of overflow buckets that were used and emptied. 0: none left.
  std::uint32_t TakeOverflow();
  void ReturnOverflow(std::uint32_t id);

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

inline HashIndex::Guard::Guard(HashIndex& index, std::uint64_t hash) {
  while (true) {
    const std::size_t address = index.AddressOf(hash);
    bucket_ = &index.buckets()[address];
    bucket_->Lock();
    // A split may have moved the hash while we waited.
    if (index.AddressOf(hash) == address) return;
    bucket_->Unlock();
  }
}

template <typename HashOf>
void HashIndex::Grow(int steps, HashOf&& hash_of) {
  if (!WantsToGrow()) return;
  // One thread splits; others need not wait for it. Acquire/release: splits follow each other.
  if (growing_.exchange(true, std::memory_order_acquire)) return;
  for (int step = 0; step < steps && WantsToGrow(); ++step) SplitOne(hash_of);
  growing_.store(false, std::memory_order_release);
}

template <typename HashOf>
void HashIndex::SplitOne(HashOf&& hash_of) {
  const std::size_t count = bucket_count();
  Bucket* const source = &buckets()[count - std::bit_floor(count)];
  Bucket* const target = &buckets()[count];
  source->Lock();
  Contents contents;
  Empty(source, contents);
  for (const ItemHandle handle : contents.handles) {
    const std::uint64_t hash = hash_of(handle);
    Bucket* const home = Address(hash, count + 1) == count ? target : source;
    // The two chains together need no more overflow buckets than the one had.
    InsertInto(home, TagOf(hash), handle, [&] { return contents.TakeOverflow(); });
  }
  for (const std::uint32_t id : contents.overflow) ReturnOverflow(id);
  bucket_count_.store(count + 1, std::memory_order_release);
  source->Unlock();
}

template <typename Take>
bool HashIndex::InsertInto(Bucket* bucket, std::uint8_t tag, ItemHandle handle, Take&& take) {
  while (true) {
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      if (bucket->HandleAt(slot) != kNoItem) continue;
      bucket->Put(slot, tag, handle);
      return true;
    }
    if (bucket->overflow() == 0) {
      const std::uint32_t id = take();
      if (id == 0) return false;
      bucket->set_overflow(id);
    }
    bucket = Next(*bucket);
  }
}

template <typename Visit>
void HashIndex::VisitBucket(std::size_t number, Visit&& visit) {
  Bucket* const first = &buckets()[number];
  first->Lock();
  for (Bucket* bucket = first; bucket != nullptr; bucket = Next(*bucket)) {
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      const ItemHandle handle = bucket->HandleAt(slot);
      if (handle != kNoItem) visit(handle);
    }
  }
  first->Unlock();
}

template <typename Condition>
void HashIndex::EraseIf(std::size_t number, Condition&& condition) {
  Bucket* const first = &buckets()[number];
  first->Lock();
  Bucket* bucket = first;
  std::size_t slot = 0;
  while (bucket != nullptr) {
    const ItemHandle handle = bucket->HandleAt(slot);
    if (handle != kNoItem && condition(handle)) {
      // What fills the hole, if anything, is looked at next. The hole's own bucket may go, too.
      if (EraseFrom(first, bucket, slot)) break;
      if (bucket->HandleAt(slot) != kNoItem) continue;
    }
    if (++slot == kSlots) {
      slot = 0;
      bucket = Next(*bucket);
    }
  }
  first->Unlock();
}

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_HASH_INDEX_H_

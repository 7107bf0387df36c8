#include "storage/hash_index.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace ringcache::storage {
namespace {

constexpr std::uint64_t kIdMask = 0xffffffff;

}  // namespace

absl::StatusOr<HashIndex> HashIndex::Create(int initial_items_log2, std::size_t max_items) {
  const std::size_t wanted = std::bit_ceil((std::size_t{1} << initial_items_log2) / kSlots);
  // Never fewer buckets than the limit on items asks for.
  const std::size_t max_buckets =
      std::max(max_items / kTargetItemsPerBucket + 1, std::size_t{1024});
  const std::size_t initial = std::min(std::bit_floor(max_buckets), wanted);
  // Buckets that await their split hold up to twice the average, so many need a second line, few a
  // third. The bound is address space only.
  const std::size_t max_overflow = max_buckets;
  absl::StatusOr<ReservedMemory> table = ReservedMemory::Reserve(max_buckets * sizeof(Bucket));
  if (!table.ok()) return table.status();
  absl::StatusOr<ReservedMemory> overflow = ReservedMemory::Reserve(max_overflow * sizeof(Bucket));
  if (!overflow.ok()) return overflow.status();
  return HashIndex(*std::move(table), *std::move(overflow), initial, max_buckets, max_overflow);
}

HashIndex::HashIndex(ReservedMemory table, ReservedMemory overflow, std::size_t initial_buckets,
                     std::size_t max_buckets, std::size_t max_overflow)
    : table_(std::move(table)),
      overflow_(std::move(overflow)),
      max_buckets_(max_buckets),
      max_overflow_(max_overflow),
      bucket_count_(initial_buckets) {}

HashIndex::HashIndex(HashIndex&& other) noexcept
    : HashIndex(std::move(other.table_), std::move(other.overflow_), other.bucket_count(),
                other.max_buckets_, other.max_overflow_) {
  assert(other.items() == 0 && "an index moves before it is used");
}

void HashIndex::Bucket::Put(std::size_t slot, std::uint8_t tag, ItemHandle handle) {
  handles[slot].store(handle, std::memory_order_relaxed);
  const int shift = static_cast<int>(slot % 8) * 8;
  if (slot < 8) {
    const std::uint64_t tags = tags_low.load(std::memory_order_relaxed);
    tags_low.store((tags & ~(std::uint64_t{0xff} << shift)) | std::uint64_t{tag} << shift,
                   std::memory_order_relaxed);
  } else {
    const std::uint32_t tags = tags_high.load(std::memory_order_relaxed);
    tags_high.store((tags & ~(std::uint32_t{0xff} << shift)) | std::uint32_t{tag} << shift,
                    std::memory_order_relaxed);
  }
}

bool HashIndex::Insert(const Guard& guard, std::uint64_t hash, ItemHandle handle) {
  if (!InsertInto(guard.bucket_, TagOf(hash), handle, [this] { return TakeOverflow(); })) {
    return false;
  }
  items_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

bool HashIndex::EraseFrom(Bucket* first, Bucket* hole_bucket, std::size_t hole) {
  items_.fetch_sub(1, std::memory_order_relaxed);
  Bucket* before = nullptr;
  Bucket* last = first;
  while (Bucket* const next = Next(*last)) {
    before = last;
    last = next;
  }
  // Chains have no gaps and no empty overflow bucket, so this ends at a filled slot.
  std::size_t slot = kSlots - 1;
  while (last->HandleAt(slot) == kNoItem) --slot;
  hole_bucket->Put(hole, last->TagAt(slot), last->HandleAt(slot));
  last->Put(slot, 0, kNoItem);
  if (slot > 0 || before == nullptr) return false;
  const std::uint32_t last_id = before->overflow();
  before->set_overflow(0);
  ReturnOverflow(last_id);
  return last == hole_bucket;
}

void HashIndex::Empty(Bucket* first, Contents& contents) {
  for (Bucket* bucket = first; bucket != nullptr; bucket = Next(*bucket)) {
    if (bucket->overflow() != 0) contents.overflow.push_back(bucket->overflow());
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      const ItemHandle handle = bucket->HandleAt(slot);
      if (handle == kNoItem) continue;
      contents.handles.push_back(handle);
      bucket->Put(slot, 0, kNoItem);
    }
  }
  first->set_overflow(0);
  for (const std::uint32_t id : contents.overflow) overflow_bucket(id)->set_overflow(0);
}

std::uint32_t HashIndex::Contents::TakeOverflow() {
  assert(!overflow.empty());
  const std::uint32_t id = overflow.back();
  overflow.pop_back();
  return id;
}

std::uint32_t HashIndex::TakeOverflow() {
  // Acquire: sees the link that ReturnOverflow wrote.
  std::uint64_t top = overflow_free_.load(std::memory_order_acquire);
  while ((top & kIdMask) != 0) {
    const std::uint32_t id = static_cast<std::uint32_t>(top & kIdMask);
    const std::uint64_t next = overflow_bucket(id)->overflow();
    const std::uint64_t changed = ((top >> 32) + 1) << 32 | next;
    if (overflow_free_.compare_exchange_weak(top, changed, std::memory_order_acq_rel)) {
      overflow_bucket(id)->set_overflow(0);
      overflow_used_.fetch_add(1, std::memory_order_relaxed);
      return id;
    }
  }
  std::uint32_t fresh = overflow_fresh_.load(std::memory_order_relaxed);
  do {
    if (fresh >= max_overflow_) return 0;
  } while (!overflow_fresh_.compare_exchange_weak(fresh, fresh + 1, std::memory_order_relaxed));
  overflow_used_.fetch_add(1, std::memory_order_relaxed);
  return fresh + 1;
}

void HashIndex::ReturnOverflow(std::uint32_t id) {
  overflow_used_.fetch_sub(1, std::memory_order_relaxed);
  std::uint64_t top = overflow_free_.load(std::memory_order_relaxed);
  std::uint64_t changed;
  do {
    overflow_bucket(id)->set_overflow(static_cast<std::uint32_t>(top & kIdMask));
    changed = ((top >> 32) + 1) << 32 | id;
    // Release: publishes the link.
  } while (!overflow_free_.compare_exchange_weak(top, changed, std::memory_order_acq_rel,
                                                 std::memory_order_relaxed));
}

}  // namespace ringcache::storage

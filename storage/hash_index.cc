#include "storage/hash_index.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace ringcache::storage {
namespace {

constexpr std::uint64_t kIdMask = 0xffffffff;
constexpr std::size_t kLeastMaxBuckets = 1024;
// A bucket in five needs one. The bound is address space only.
constexpr std::size_t kMaxBlocksPerBucket = 2;

}  // namespace

absl::StatusOr<HashIndex> HashIndex::Create(int initial_items_log2, std::size_t max_items,
                                            std::size_t expected_items) {
  const std::size_t wanted =
      std::bit_ceil(std::max((std::size_t{1} << initial_items_log2) / kSlots, std::size_t{2}));
  // Never fewer buckets than the limit on items asks for.
  const std::size_t max_buckets =
      std::max(static_cast<std::size_t>(static_cast<double>(max_items) / kTargetItemsPerBucket) + 1,
               kLeastMaxBuckets);
  // As many as it would have grown to, so any number.
  const auto expected =
      static_cast<std::size_t>(static_cast<double>(expected_items) / kTargetItemsPerBucket);
  const std::size_t initial =
      std::max(std::min(std::bit_floor(max_buckets), wanted), std::min(max_buckets, expected));
  const std::size_t max_overflow = max_buckets * kMaxBlocksPerBucket;
  absl::StatusOr<ReservedMemory> table = ReservedMemory::Reserve(max_buckets * sizeof(Bucket));
  if (!table.ok()) return table.status();
  absl::StatusOr<ReservedMemory> overflow =
      ReservedMemory::Reserve(max_overflow * sizeof(Block), ReservedMemory::Pages::kSmallPages);
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

void HashIndex::Block::Put(std::size_t slot, std::uint8_t tag, ItemHandle handle) {
  handles[slot].store(handle, std::memory_order_relaxed);
  const int shift = static_cast<int>(slot) * 8;
  const std::uint32_t others =
      tags.load(std::memory_order_relaxed) & ~(std::uint32_t{0xff} << shift);
  tags.store(others | std::uint32_t{tag} << shift, std::memory_order_relaxed);
}

bool HashIndex::PopulateAhead() {
  // It grows when it is full. Little is enough, 39,000 items' worth of buckets at most: a step
  // fetches more than that.
  constexpr double kNearlyFull = 0.95;
  constexpr std::size_t kAheadShare = 16;
  constexpr std::size_t kMostAheadBytes = std::size_t{256} << 10;
  const double room = static_cast<double>(bucket_count()) * kTargetItemsPerBucket;
  if (static_cast<double>(items()) < room * kNearlyFull) return false;
  const std::size_t used = bucket_count() * sizeof(Bucket);
  return table_.Populate(used + std::min(used / kAheadShare, kMostAheadBytes));
}

bool HashIndex::Insert(const Guard& guard, std::uint64_t hash, ItemHandle handle) {
  if (!InsertInto(guard.bucket_, TagOf(hash), handle, [this] { return TakeBlock(); })) {
    return false;
  }
  items_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

bool HashIndex::EraseFrom(Slot hole) {
  items_.fetch_sub(1, std::memory_order_relaxed);
  Block* before = nullptr;
  Slot last;
  last.bucket_ = hole.bucket_;
  last.index_ = kSlots - 1;
  for (Block* block = BlockAt(hole.bucket_->overflow()); block != nullptr;
       block = BlockAt(block->overflow())) {
    before = last.block_;
    last.block_ = block;
    last.index_ = kBlockSlots - 1;
  }
  // Chains have no gaps and no empty block, so this ends at a filled slot.
  while (last.Handle() == kNoItem) --last.index_;
  hole.Put(last.Tag(), last.Handle());
  last.Put(0, kNoItem);
  if (last.index_ > 0 || last.block_ == nullptr) return false;
  const std::uint32_t id = before != nullptr ? before->overflow() : last.bucket_->overflow();
  before != nullptr ? before->set_overflow(0) : last.bucket_->set_overflow(0);
  ReturnBlock(id);
  return last.block_ == hole.block_;
}

void HashIndex::Empty(Bucket* first, Contents& contents) {
  VisitChain(first, [](Slot slot) { slot.Put(0, kNoItem); });
  std::uint32_t id = first->overflow();
  first->set_overflow(0);
  while (id != 0) {
    contents.blocks.push_back(id);
    Block* const block = BlockAt(id);
    id = block->overflow();
    block->set_overflow(0);
  }
}

bool HashIndex::TakeMissingBlocks(std::size_t chains_have, Contents& contents) {
  // A group has up to four homes.
  absl::InlinedVector<std::pair<std::size_t, std::size_t>, 4> items_of_home;
  for (const Contents::Entry& entry : contents.entries) {
    const auto found = std::find_if(items_of_home.begin(), items_of_home.end(),
                                    [&](const auto& home) { return home.first == entry.home; });
    if (found != items_of_home.end()) {
      ++found->second;
    } else {
      items_of_home.emplace_back(entry.home, 1);
    }
  }
  std::size_t needed = 0;
  for (const auto& [home, items] : items_of_home) {
    if (items > kSlots) needed += (items - kSlots + kBlockSlots - 1) / kBlockSlots;
  }
  for (std::size_t have = chains_have; have < needed; ++have) {
    const std::uint32_t id = TakeBlock();
    if (id == 0) return false;
    contents.blocks.push_back(id);
  }
  return true;
}

std::uint32_t HashIndex::Contents::TakeBlock() {
  assert(!blocks.empty());
  const std::uint32_t id = blocks.back();
  blocks.pop_back();
  return id;
}

std::uint32_t HashIndex::TakeBlock() {
  // Acquire: sees the link that ReturnBlock wrote.
  std::uint64_t top = overflow_free_.load(std::memory_order_acquire);
  while ((top & kIdMask) != 0) {
    const std::uint32_t id = static_cast<std::uint32_t>(top & kIdMask);
    const std::uint64_t next = BlockAt(id)->overflow();
    const std::uint64_t changed = ((top >> 32) + 1) << 32 | next;
    if (overflow_free_.compare_exchange_weak(top, changed, std::memory_order_acq_rel)) {
      BlockAt(id)->set_overflow(0);
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

void HashIndex::ReturnBlock(std::uint32_t id) {
  overflow_used_.fetch_sub(1, std::memory_order_relaxed);
  std::uint64_t top = overflow_free_.load(std::memory_order_relaxed);
  std::uint64_t changed;
  do {
    BlockAt(id)->set_overflow(static_cast<std::uint32_t>(top & kIdMask));
    changed = ((top >> 32) + 1) << 32 | id;
    // Release: publishes the link.
  } while (!overflow_free_.compare_exchange_weak(top, changed, std::memory_order_acq_rel,
                                                 std::memory_order_relaxed));
}

}  // namespace ringcache::storage

#include "storage/store.h"

#include <cstring>
#include <random>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "storage/s3_fifo_policy.h"

namespace ringcache::storage {
namespace {

// Pins of one item at a time; the 16-bit count must not wrap.
constexpr std::uint16_t kMaxReferences = 60'000;
// Buckets split after an insertion: more than one keeps pace with any rate of insertion.
constexpr int kSplitsPerInsert = 2;
// A victim that was read within this time counts as active.
constexpr UnixSeconds kActiveSeconds = 60;
// How often one allocation may lose a victim (to a pin, or to another thread) before it fails.
constexpr int kMaxEvictionAttempts = 128;
// How many items that must stay one allocation may pass over: bounds its time under the lock.
constexpr int kMaxSpared = 64;

std::uint64_t RandomSeed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

}  // namespace

PinnedItem& PinnedItem::operator=(PinnedItem&& other) noexcept {
  if (this != &other) {
    Release();
    store_ = std::exchange(other.store_, nullptr);
    item_ = std::exchange(other.item_, nullptr);
  }
  return *this;
}

void PinnedItem::Release() {
  if (item_ != nullptr) store_->Unreference(*std::exchange(item_, nullptr));
}

PinnedItem ItemEditor::Pin() const {
  // Relaxed: the index's reference keeps the item while the caller holds the key's lock.
  std::atomic<std::uint16_t>& references = item_->references();
  if (references.load(std::memory_order_relaxed) >= kMaxReferences) return PinnedItem();
  references.fetch_add(1, std::memory_order_relaxed);
  return PinnedItem(store_, item_);
}

absl::StatusOr<std::unique_ptr<Store>> Store::Create(const StoreOptions& options) {
  if (absl::Status status = options.Validate(); !status.ok()) return status;
  const SizeClasses size_classes(options);
  absl::StatusOr<PagePool> pages = PagePool::Create(options.limit_bytes / kPageBytes,
                                                    static_cast<std::size_t>(size_classes.count()));
  if (!pages.ok()) return pages.status();
  const std::size_t max_items =
      (options.limit_bytes / kPageBytes + 1) * size_classes.chunks_per_page(0);
  absl::StatusOr<HashIndex> index = HashIndex::Create(options.initial_items_log2, max_items);
  if (!index.ok()) return index.status();
  return std::unique_ptr<Store>(new Store(options, *std::move(pages), *std::move(index)));
}

Store::Store(const StoreOptions& options, PagePool pages, HashIndex index)
    : options_(options),
      seed_(options.hash_seed != 0 ? options.hash_seed : RandomSeed()),
      size_classes_(options),
      pages_(std::move(pages)),
      nodes_{pages_.base(), SizeClasses::UnitShift(options.limit_bytes)},
      index_(std::move(index)),
      cas_clock_(options.cas_start != 0 ? options.cas_start : CasClock::TicksNow()) {
  for (int i = 0; i < size_classes_.count(); ++i) {
    classes_.push_back(std::make_unique<SizeClassState>(
        SlabAllocator(nodes_, size_classes_.chunk_bytes(i), size_classes_.chunks_per_page(i)),
        std::make_unique<S3FifoPolicy>(nodes_)));
  }
}

Store::~Store() = default;

PinnedItem Store::Unlink(const Guard& guard, Slot slot) {
  Item& item = ItemAt(index_.HandleAt(slot));
  index_.Erase(guard, slot);
  return PinnedItem(this, &item);
}

Item* Store::FindLive(const Guard& guard, absl::string_view key, std::uint64_t hash, Moment moment,
                      Slot& slot, PinnedItem& dropped) {
  slot = Find(guard, key, hash);
  if (!slot) return nullptr;
  Item& item = ItemAt(index_.HandleAt(slot));
  if (IsLive(item, moment)) return &item;
  dropped = Unlink(guard, slot);
  slot = Slot();
  return nullptr;
}

void Store::Unreference(Item& item) {
  // Release: our accesses come before the reuse; acquire: the last one sees everybody's.
  if (item.references().fetch_sub(1, std::memory_order_acq_rel) == 1) Free(item);
}

void Store::Free(Item& item) {
  SizeClassState& state = StateOf(ClassOf(item));
  const ItemHandle handle = nodes_.HandleOf(&item);
  SpinLockHolder hold(state.lock);
  const std::uint8_t queue = item.queue.load(std::memory_order_relaxed);
  if (queue != EvictionNode::kNoQueue) {
    state.item_bytes.fetch_sub(item.total_bytes(), std::memory_order_relaxed);
    if (queue != EvictionNode::kLeaving) {
      state.policy->Remove(handle);
      --state.items;
    }
  }
  state.slabs.Give(handle);
}

void Store::Enqueue(Item& item, std::uint64_t hash, Arrival arrival) {
  SizeClassState& state = StateOf(ClassOf(item));
  SpinLockHolder hold(state.lock);
  state.policy->Insert(nodes_.HandleOf(&item), hash, arrival);
  ++state.items;
  ++state.total_items;
  state.item_bytes.fetch_add(item.total_bytes(), std::memory_order_relaxed);
}

void Store::GrowIndex() {
  index_.Grow(kSplitsPerInsert, [this](ItemHandle handle) { return Hash(ItemAt(handle).key()); });
}

void Store::CountVictim(const Item& item, bool live, UnixSeconds now,
                        EvictionCounters& events) const {
  if (!live) {
    ++events.reclaimed;
    if (!item.fetched()) ++events.expired_unfetched;
    return;
  }
  const UnixSeconds age = now - std::min(item.last_access(), now);
  ++events.evictions;
  if (item.expires_at() != kNever) ++events.evicted_nonzero;
  if (!item.fetched()) ++events.evicted_unfetched;
  if (item.fetched() && age < kActiveSeconds) ++events.evicted_active;
  events.evicted_age_s = age;
  // Acquire: sees the listener as it was when it was set.
  StoreListener* const listener = listener_.load(std::memory_order_acquire);
  if (listener == nullptr) return;
  listener->OnEviction({.key = item.key(),
                        .value_bytes = item.value_bytes(),
                        .expires_at = item.expires_at(),
                        .last_access = item.last_access(),
                        .now = now,
                        .size_class = ClassOf(item),
                        .fetched = item.fetched()});
}

Store::Victim Store::PickVictim(SizeClassState& state, UnixSeconds now) {
  const Moment moment = MomentAt(now);
  for (int spared = 0; spared < kMaxSpared; ++spared) {
    const ItemHandle handle = state.policy->Victim();
    if (handle == kNoItem) return {};
    Item& item = ItemAt(handle);
    const std::uint64_t hash = Hash(item.key());
    const bool live = IsLive(item, moment);
    // Relaxed: a hint. The chunk of an item that others hold would not be free now.
    const bool held = item.references().load(std::memory_order_relaxed) != 1;
    const bool probation =
        item.queue.load(std::memory_order_relaxed) == EvictionNode::kProbationQueue;
    state.policy->Remove(handle);
    if (held || (live && !options_.evict)) {
      state.policy->Insert(handle, hash, Arrival::kProtected);
      continue;
    }
    CountVictim(item, live, now, state.events);
    --state.items;
    if (live) state.policy->RememberEvicted(hash, probation);
    // Release: from here on another evictor of the same bucket may take the chunk over.
    item.queue.store(EvictionNode::kLeaving, std::memory_order_release);
    return {handle, hash};
  }
  return {};
}

Item* Store::Evict(Victim victim) {
  Item& item = ItemAt(victim.handle);
  {
    Guard guard(index_, victim.hash);
    const Slot slot =
        index_.Find(guard, victim.hash, [&](ItemHandle handle) { return handle == victim.handle; });
    // Somebody deleted or replaced it since it was picked, and frees it. Its chunk may even hold
    // another item of this bucket already, which stays unless that was picked as well.
    // Acquire: the evictor that picked it has read all it wanted.
    if (!slot || item.queue.load(std::memory_order_acquire) != EvictionNode::kLeaving) {
      return nullptr;
    }
    index_.Erase(guard, slot);
  }
  // Acquire/release: as in Unreference. If a pin was faster, its holder frees the chunk.
  if (item.references().fetch_sub(1, std::memory_order_acq_rel) != 1) return nullptr;
  // Only now: its length could change until it left the index.
  StateOf(ClassOf(item)).item_bytes.fetch_sub(item.total_bytes(), std::memory_order_relaxed);
  return &item;
}

Item* Store::AllocateChunk(int size_class, UnixSeconds now) {
  Observe(now);
  SizeClassState& state = StateOf(size_class);
  const std::uint8_t owner = static_cast<std::uint8_t>(size_class);
  for (int attempt = 0; attempt < kMaxEvictionAttempts; ++attempt) {
    Victim victim;
    {
      SpinLockHolder hold(state.lock);
      ItemHandle handle = state.slabs.Take();
      if (handle != kNoItem) return &ItemAt(handle);
      char* page = pages_.Take(owner);
      if (page == nullptr && state.slabs.pages() == 0) page = pages_.TakeSpare(owner);
      if (page != nullptr) {
        state.slabs.AddPage(page);
        return &ItemAt(state.slabs.Take());
      }
      victim = PickVictim(state, now);
      if (victim.handle == kNoItem) break;
      ++state.events.direct_reclaims;
    }
    if (Item* const chunk = Evict(victim)) return chunk;
  }
  SpinLockHolder hold(state.lock);
  ++state.events.out_of_memory;
  return nullptr;
}

PendingItem Store::Allocate(absl::string_view key, std::uint64_t hash, std::size_t value_bytes,
                            std::uint32_t client_flags, UnixSeconds expires_at, UnixSeconds now) {
  PendingItem pending;
  pending.hash_ = hash;
  const std::size_t bytes =
      Item::TotalBytes(key.size(), value_bytes, options_.cas, client_flags != 0);
  // The value by itself first: a length near 2^64 would wrap the sum.
  if (value_bytes > options_.max_item_bytes || bytes > options_.max_item_bytes ||
      key.size() > kMaxKeyBytes) {
    pending.failure_ = StoreOutcome::kTooLarge;
    return pending;
  }
  Item* const item = AllocateChunk(size_classes_.ClassFor(bytes), now);
  if (item == nullptr) {
    pending.failure_ = StoreOutcome::kOutOfMemory;
    return pending;
  }
  item->Initialize(key, value_bytes, options_.cas, client_flags, expires_at, now);
  pending.item_ = PinnedItem(this, item);
  return pending;
}

void Store::FlushAll(UnixSeconds at, UnixSeconds now) {
  SpinLockHolder hold(flush_lock_);
  // A flush that fell due while nobody called is not replaced: it has happened.
  if (at <= now || flush_at_.load(std::memory_order_relaxed) <= now) AdvanceEpoch();
  // Release: after the count, see Observe.
  flush_at_.store(at > now ? at : kNoFlush, std::memory_order_release);
}

void Store::ApplyDueFlush(UnixSeconds now) {
  SpinLockHolder hold(flush_lock_);
  if (flush_at_.load(std::memory_order_relaxed) > now) return;
  AdvanceEpoch();
  // Release: after the count, see Observe.
  flush_at_.store(kNoFlush, std::memory_order_release);
}

void Store::AdvanceEpoch() {
  // Before the count could come round to that of an unswept item, sweep to the end.
  constexpr int kMaxFlushesUnswept = 200;
  const bool swept = sweep_bucket_.load(std::memory_order_relaxed) == kSwept;
  flushes_unswept_ = swept ? 1 : flushes_unswept_ + 1;
  if (flushes_unswept_ > kMaxFlushesUnswept) {
    while (SweepOneBucket()) {
    }
    flushes_unswept_ = 1;
  }
  epoch_.fetch_add(1, std::memory_order_release);
  sweep_bucket_.store(0, std::memory_order_relaxed);
}

void Store::SweepStep() {
  if (sweep_bucket_.load(std::memory_order_relaxed) != kSwept) SweepOneBucket();
}

bool Store::SweepOneBucket() {
  std::size_t bucket = sweep_bucket_.load(std::memory_order_relaxed);
  std::size_t following;
  do {
    if (bucket == kSwept) return false;
    following = bucket < index_.bucket_count() ? bucket + 1 : kSwept;
    // Compared: a flush that comes in between starts over, and must not be undone.
  } while (!sweep_bucket_.compare_exchange_weak(bucket, following, std::memory_order_relaxed));
  if (following == kSwept) return false;
  absl::InlinedVector<PinnedItem, HashIndex::kSlots> dropped;
  index_.EraseIf(bucket, [&](ItemHandle handle) {
    Item& item = ItemAt(handle);
    // Read anew under the bucket's lock, see MomentAt.
    if (item.epoch() == MomentAt(0).epoch) return false;
    dropped.push_back(PinnedItem(this, &item));
    return true;
  });
  return true;
}

StoreStats Store::Stats() const {
  StoreStats stats;
  stats.limit_bytes = options_.limit_bytes;
  const std::size_t taken = pages_.taken_pages();
  stats.page_bytes = taken * kPageBytes;
  stats.free_pages = pages_.limit_pages() - std::min(taken, pages_.limit_pages());
  stats.index_bytes = index_.bytes();
  const std::size_t capacity = index_.bucket_count() * HashIndex::kTargetItemsPerBucket;
  stats.index_items_log2 = std::bit_width(capacity) - 1;
  for (int i = 0; i < size_classes_.count(); ++i) {
    const SizeClassStats of_class = ClassStats(i);
    stats.items += of_class.items;
    stats.item_bytes += of_class.item_bytes;
    stats.total_items += of_class.total_items;
    stats.events += of_class.events;
  }
  return stats;
}

SizeClassStats Store::ClassStats(int size_class) const {
  SizeClassStats stats;
  stats.chunk_bytes = size_classes_.chunk_bytes(size_class);
  stats.chunks_per_page = size_classes_.chunks_per_page(size_class);
  const SizeClassState& state = StateOf(size_class);
  SpinLockHolder hold(state.lock);
  stats.pages = state.slabs.pages();
  stats.used_chunks = state.slabs.used_chunks();
  stats.free_chunks = state.slabs.free_chunks();
  stats.items = state.items;
  stats.item_bytes = state.item_bytes.load(std::memory_order_relaxed);
  stats.total_items = state.total_items;
  const EvictionPolicy::Counts counts = state.policy->counts();
  stats.items_small = counts.probation;
  stats.items_main = counts.main;
  const auto last_access = [this](ItemHandle handle) {
    return handle == kNoItem ? kNever : ItemAt(handle).last_access();
  };
  stats.oldest_small_access = last_access(state.policy->OldestProbation());
  stats.oldest_main_access = last_access(state.policy->OldestMain());
  stats.events = state.events;
  stats.events.moves_to_main = counts.promotions - state.counts_at_reset.promotions;
  stats.events.moves_within_main = counts.second_chances - state.counts_at_reset.second_chances;
  return stats;
}

void Store::ResetStats() {
  for (const std::unique_ptr<SizeClassState>& state : classes_) {
    SpinLockHolder hold(state->lock);
    state->events = EvictionCounters();
    state->counts_at_reset = state->policy->counts();
    state->total_items = 0;
  }
}

std::string Store::CheckInvariants() {
  std::size_t indexed = 0;
  std::size_t indexed_bytes = 0;
  std::string problems;
  for (std::size_t bucket = 0; bucket < index_.bucket_count(); ++bucket) {
    index_.VisitBucket(bucket, [&](ItemHandle handle) {
      const Item& item = ItemAt(handle);
      ++indexed;
      indexed_bytes += item.total_bytes();
      if (item.references().load() != 1) absl::StrAppend(&problems, "an item is still held; ");
      if (item.queue.load() == EvictionNode::kNoQueue) {
        absl::StrAppend(&problems, "an indexed item is in no queue; ");
      }
      if (index_.AddressOf(Hash(item.key())) != bucket) {
        absl::StrAppend(&problems, "an item is in a bucket that is not its own; ");
      }
      if (item.total_bytes() > size_classes_.chunk_bytes(ClassOf(item))) {
        absl::StrAppend(&problems, "an item exceeds its chunk; ");
      }
    });
  }
  const StoreStats stats = Stats();
  if (indexed != index_.items() || indexed != stats.items || indexed_bytes != stats.item_bytes) {
    absl::StrAppend(&problems, "counts differ: ", indexed, " found, ", index_.items(),
                    " in the index, ", stats.items, " in the classes; ");
  }
  for (int i = 0; i < size_classes_.count(); ++i) {
    const SizeClassStats of_class = ClassStats(i);
    if (of_class.used_chunks != of_class.items ||
        of_class.items != of_class.items_small + of_class.items_main) {
      absl::StrAppend(&problems, "class ", i, ": ", of_class.used_chunks, " chunks used by ",
                      of_class.items, " items, ", of_class.items_small, " on probation and ",
                      of_class.items_main, " in main; ");
    }
  }
  return problems;
}

}  // namespace ringcache::storage

#include "storage/store.h"

#include <cstring>
#include <map>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ringcache::storage {
namespace {

// Buckets split after an insertion: more than one keeps pace with any rate of insertion.
constexpr int kSplitsPerInsert = 2;
// How far below the first CAS id the base lies, so that ids of another store, which items that were
// taken over keep, are above it: half a year.
constexpr std::uint64_t kCasPast = std::uint64_t{1} << 46;
// New ids that a base which is kept must leave room for: more than a year.
constexpr std::uint64_t kCasYear = 2 * kCasPast;
// Addresses are reserved for limits up to this, so that a limit can be raised later. What item
// handles can name in units of 8 bytes.
constexpr std::size_t kRaisableLimitBytes = std::size_t{31} << 30;

std::uint64_t RandomSeed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

std::uint64_t SeedOf(const StoreOptions& options, const std::optional<RestartImage>& image) {
  if (image.has_value()) return image->hash_seed;
  return options.hash_seed != 0 ? options.hash_seed : RandomSeed();
}

// Ids that were given out before are never given out again, wherever the clock stands.
std::uint64_t FirstTicks(const StoreOptions& options, const std::optional<RestartImage>& image) {
  const std::uint64_t ticks = options.cas_start != 0 ? options.cas_start : CasClock::TicksNow();
  return image.has_value() ? std::max(ticks, image->cas_ticks) : ticks;
}

// Items that were taken over keep their base, as long as it leaves room.
std::uint64_t CasBaseOf(const StoreOptions& options, const std::optional<RestartImage>& image) {
  const std::uint64_t first = FirstTicks(options, image) << CasClock::kStripeBits;
  if (image.has_value() && Item::FitsNarrow(first + kCasYear, image->cas_base)) {
    return image->cas_base;
  }
  return first - std::min(first, kCasPast);
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
  if (item_ != nullptr) store_->Unpin(*std::exchange(item_, nullptr));
}

PendingItem& PendingItem::operator=(PendingItem&& other) noexcept {
  if (this != &other) {
    Drop();
    store_ = std::exchange(other.store_, nullptr);
    item_ = std::exchange(other.item_, nullptr);
    hash_ = other.hash_;
    waiting_bytes_ = std::exchange(other.waiting_bytes_, 0);
    failure_ = other.failure_;
  }
  return *this;
}

void PendingItem::Drop() {
  if (item_ != nullptr) store_->Free(*item_);
  Forget();
}

void PendingItem::Forget() {
  // Relaxed: a sum, which nothing else depends on.
  if (waiting_bytes_ != 0) {
    store_->waiting_bytes_.fetch_sub(waiting_bytes_, std::memory_order_relaxed);
  }
  waiting_bytes_ = 0;
  item_ = nullptr;
}

RemovedItem& RemovedItem::operator=(RemovedItem&& other) noexcept {
  std::swap(store_, other.store_);
  std::swap(item_, other.item_);
  return *this;
}

RemovedItem::~RemovedItem() {
  if (item_ != nullptr) store_->LetGo(*item_);
}

std::uint64_t ItemEditor::cas() const { return store_->CasOf(*item_); }

PinnedItem ItemEditor::Pin() const {
  // Another pin of an item that is held already takes nothing more.
  const bool room = store_->MayHold(item_->total_bytes(), 0) || !store_->IsAloneNow(*item_);
  return room ? store_->PinAlways(*item_) : PinnedItem();
}

absl::string_view ItemEditor::ValueFrom(std::size_t offset) const {
  return store_->layout_.From(std::as_const(*item_), offset);
}

std::string ItemEditor::CopyValue() const { return store_->layout_.CopyOf(*item_); }

std::string PinnedItem::CopyValue() const { return store_->layout_.CopyOf(*item_); }

absl::string_view PinnedItem::ValueFrom(std::size_t offset) const {
  return store_->layout_.From(std::as_const(*item_), offset);
}

absl::StatusOr<Store::Foundation> Store::ReserveMemory(const StoreOptions& options) {
  const std::size_t limit_pages = options.limit_bytes / kPageBytes;
  const std::size_t max_pages = std::max(limit_pages, kRaisableLimitBytes / kPageBytes);
  absl::StatusOr<std::unique_ptr<PagePool>> pages = PagePool::Create(max_pages);
  if (!pages.ok() && max_pages > limit_pages) pages = PagePool::Create(limit_pages);
  if (!pages.ok()) return pages.status();
  Foundation foundation;
  foundation.pages = *std::move(pages);
  return foundation;
}

absl::StatusOr<std::unique_ptr<Store>> Store::Create(const StoreOptions& options, UnixSeconds now) {
  if (absl::Status status = options.Validate(); !status.ok()) return status;
  const SizeClasses size_classes(options);
  absl::StatusOr<Foundation> foundation =
      options.memory_file.empty() ? ReserveMemory(options) : OpenFile(options, size_classes);
  if (!foundation.ok()) return foundation.status();
  const std::optional<RestartImage>& image = foundation->image;
  const std::size_t max_items =
      foundation->pages->max_pages() * (kPageBytes / size_classes.chunk_bytes(0));
  // Room for what is there, so that the table need not grow meanwhile.
  absl::StatusOr<HashIndex> index = HashIndex::Create(options.initial_items_log2, max_items,
                                                      image.has_value() ? image->items : 0);
  if (!index.ok()) return index.status();
  std::unique_ptr<Store> store(new Store(options, *foundation, *std::move(index)));
  if (image.has_value()) store->Restore(*image, now);
  return store;
}

Store::Store(const StoreOptions& options, Foundation& foundation, HashIndex index)
    : options_(options),
      seed_(SeedOf(options, foundation.image)),
      size_classes_(options),
      limit_bytes_(options.limit_bytes),
      moves_pages_(options.move_pages),
      crawls_(options.crawl),
      file_(std::move(foundation.file)),
      pages_(std::move(foundation.pages)),
      nodes_{pages_->base(), SizeClasses::UnitShift(pages_->max_pages() * kPageBytes)},
      layout_(nodes_, size_classes_.largest_chunk_bytes()),
      index_(std::move(index)),
      cas_clock_(FirstTicks(options, foundation.image)),
      cas_base_(CasBaseOf(options, foundation.image)),
      restart_report_(std::move(foundation.report)) {
  for (int i = 0; i < size_classes_.count(); ++i) {
    classes_.push_back(std::make_unique<SizeClassState>(
        nodes_, pages_->table(), size_classes_.chunk_bytes(i), options.eviction));
  }
  if (options.track_sizes) sizes_.Start();
}

Store::~Store() = default;

RemovedItem Store::Unlink(const Guard& guard, Slot slot) {
  Item& item = ItemAt(index_.HandleAt(slot));
  UncountSize(item);
  index_.Erase(guard, slot);
  return RemovedItem(this, &item);
}

Item* Store::FindLive(const Guard& guard, absl::string_view key, std::uint64_t hash, Moment moment,
                      Slot& slot, RemovedItem& dropped) {
  slot = Find(guard, key, hash);
  if (!slot) return nullptr;
  Item& item = ItemAt(index_.HandleAt(slot));
  if (IsLive(item, moment)) return &item;
  dropped = Unlink(guard, slot);
  slot = Slot();
  return nullptr;
}

bool Store::IsAlone(Item& item) {
  if (!item.pinned()) return true;
  if (pins_.Holds(nodes_.HandleOf(&item))) return false;
  item.set_pinned(false);
  return true;
}

void Store::Unpin(Item& item) {
  if (pins_.Remove(nodes_.HandleOf(&item))) Free(item);
}

void Store::LetGo(Item& item) {
  if (!item.pinned() || !pins_.GiveUp(nodes_.HandleOf(&item))) Free(item);
}

void Store::Free(Item& item) {
  if (item.is_chunked()) FreePieces(item);
  SizeClassState& state = StateOf(ClassOf(item));
  const ItemHandle handle = nodes_.HandleOf(&item);
  SpinLockHolder hold(state.lock);
  switch (item.queue()) {
    case EvictionNode::kEntering:
      // The thread that linked it is on its way here with it.
      item.SetQueue(EvictionNode::kAbandoned);
      return;
    case EvictionNode::kProbationQueue:
    case EvictionNode::kMainQueue:
      state.policy->Remove(handle);
      --state.items;
      state.item_bytes.fetch_sub(item.bytes_in_chunk(), std::memory_order_relaxed);
      break;
    case EvictionNode::kLeaving:
      state.item_bytes.fetch_sub(item.bytes_in_chunk(), std::memory_order_relaxed);
      break;
    case EvictionNode::kNoQueue:
    case EvictionNode::kAbandoned:
    case EvictionNode::kPiece:
      break;
  }
  state.slabs.Give(handle);
}

void Store::Enqueue(Item& item, std::uint64_t hash, Arrival arrival, bool is_new) {
  SizeClassState& state = StateOf(ClassOf(item));
  const ItemHandle handle = nodes_.HandleOf(&item);
  SpinLockHolder hold(state.lock);
  if (item.queue() == EvictionNode::kAbandoned) {
    if (!is_new) state.item_bytes.fetch_sub(item.bytes_in_chunk(), std::memory_order_relaxed);
    state.slabs.Give(handle);
    return;
  }
  if (is_new) {
    ++state.total_items;
    // Before it is in its queue: from then on its length may change (PutInPlace).
    state.item_bytes.fetch_add(item.bytes_in_chunk(), std::memory_order_relaxed);
  }
  state.policy->Insert(handle, hash, arrival);
  ++state.items;
}

void Store::GrowIndex() {
  index_.Grow(kSplitsPerInsert, [this](ItemHandle handle) { return Hash(ItemAt(handle).key()); });
}

void Store::FlushAll(UnixSeconds at, UnixSeconds now) {
  std::size_t due = 0;
  {
    SpinLockHolder hold(flush_lock_);
    // A flush that fell due while nobody called is not replaced: it has happened.
    if (at <= now || flush_at_.load(std::memory_order_relaxed) <= now) due = AdvanceEpoch();
    // Release: after the count, see Observe.
    flush_at_.store(at > now ? at : kNoFlush, std::memory_order_release);
  }
  while (due > 0 && SweepOneBucket()) --due;
}

void Store::ApplyDueFlush(UnixSeconds now) {
  std::size_t due = 0;
  {
    SpinLockHolder hold(flush_lock_);
    if (flush_at_.load(std::memory_order_relaxed) > now) return;
    due = AdvanceEpoch();
    // Release: after the count, see Observe.
    flush_at_.store(kNoFlush, std::memory_order_release);
  }
  while (due > 0 && SweepOneBucket()) --due;
}

std::size_t Store::AdvanceEpoch() {
  // The count comes round after 256 flushes. A lap removes what was dead when it began, so no two
  // laps in turn may see as many: past so many flushes, each sweeps that part of the table.
  constexpr int kFlushesAtEase = 20;
  constexpr int kFlushesUntilSwept = 80;
  epoch_.fetch_add(1, std::memory_order_release);
  ++flushes_in_lap_;
  if (sweep_bucket_.load(std::memory_order_relaxed) == kSwept) {
    flushes_in_lap_ = 1;
    sweep_again_ = false;
    sweep_bucket_.store(0, std::memory_order_relaxed);
  } else {
    sweep_again_ = true;
  }
  if (flushes_in_lap_ <= kFlushesAtEase) return 0;
  return index_.bucket_count() / kFlushesUntilSwept + 1;
}

void Store::EndSweep() {
  SpinLockHolder hold(flush_lock_);
  // A flush may have begun another lap meanwhile.
  if (!sweep_again_ || sweep_bucket_.load(std::memory_order_relaxed) != kSwept) return;
  sweep_again_ = false;
  flushes_in_lap_ = 0;
  sweep_bucket_.store(0, std::memory_order_relaxed);
}

void Store::TendIndex() {
  if (index_.WantsToGrow()) GrowIndex();
  if (sweep_bucket_.load(std::memory_order_relaxed) != kSwept) SweepOneBucket();
}

bool Store::SweepOneBucket() {
  std::size_t bucket = sweep_bucket_.load(std::memory_order_relaxed);
  std::size_t following;
  do {
    if (bucket == kSwept) return false;
    following = bucket < index_.bucket_count() ? bucket + 1 : kSwept;
    // Compared: each bucket is one thread's.
  } while (!sweep_bucket_.compare_exchange_weak(bucket, following, std::memory_order_relaxed));
  if (following == kSwept) {
    EndSweep();
    return sweep_bucket_.load(std::memory_order_relaxed) != kSwept;
  }
  TakeOutDead(bucket, 0);
  return true;
}

Store::DeadItems Store::TakeOutDead(std::size_t bucket, UnixSeconds now) {
  DeadItems dead;
  index_.EraseIf(bucket, [&](ItemHandle handle) {
    Item& item = ItemAt(handle);
    ++dead.looked_at;
    // The moment anew under the bucket's lock, see MomentAt.
    if (IsLive(item, MomentAt(now))) return false;
    UncountSize(item);
    dead.items.push_back(RemovedItem(this, &item));
    return true;
  });
  return dead;
}

bool Store::CountSizes() {
  if (!options_.cas) return false;
  sizes_.StartAfter(cas_clock_);
  return true;
}

StoreStats Store::Stats() const {
  StoreStats stats;
  stats.limit_bytes = limit_bytes();
  const std::size_t taken = pages_->taken_pages();
  const std::size_t allowed = AllowedPages();
  stats.page_bytes = taken * kPageBytes;
  stats.free_pages = allowed - std::min(taken, allowed);
  stats.index_bytes = index_.bytes();
  stats.policy_bytes = policy_bytes_.load(std::memory_order_relaxed);
  stats.pages_moved = pages_moved_.load(std::memory_order_relaxed);
  stats.pages_returned = pages_returned_.load(std::memory_order_relaxed);
  stats.items_relocated = items_relocated_.load(std::memory_order_relaxed);
  stats.crawler_items_checked = crawler_items_checked_.load(std::memory_order_relaxed);
  stats.crawler_laps = crawler_laps_.load(std::memory_order_relaxed);
  stats.crawl_running = crawls() && crawl_running_.load(std::memory_order_relaxed);
  stats.page_move_running = page_move_running_.load(std::memory_order_relaxed);
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

SizeClassStats Store::ClassStats(int size_class, UnixSeconds now) const {
  SizeClassStats stats;
  stats.chunk_bytes = size_classes_.chunk_bytes(size_class);
  stats.chunks_per_page = size_classes_.chunks_per_page(size_class);
  const SizeClassState& state = StateOf(size_class);
  SpinLockHolder hold(state.lock);
  stats.pages = state.slabs.pages();
  stats.used_chunks = state.slabs.used_chunks();
  stats.free_chunks = state.slabs.free_chunks();
  stats.items = state.items;
  stats.pieces = state.pieces.load(std::memory_order_relaxed);
  stats.item_bytes = state.item_bytes.load(std::memory_order_relaxed);
  stats.total_items = state.total_items;
  const EvictionPolicy::Counts counts = state.policy->counts();
  stats.items_small = counts.probation;
  stats.items_main = counts.main;
  const auto idle_seconds = [&](EvictionNode::Queue queue) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    ItemHandle next = kNoItem;
    return state.policy->Next(queue, absl::MakeSpan(&next, 1)) == 0
               ? 0
               : ItemAt(next).idle_seconds(now);
  };
  stats.idle_small_s = idle_seconds(EvictionNode::kProbationQueue);
  stats.idle_main_s = idle_seconds(EvictionNode::kMainQueue);
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
  std::size_t pieces = 0;
  std::map<std::size_t, std::uint64_t> sizes;
  std::string problems;
  for (std::size_t bucket = 0; bucket < index_.bucket_count(); ++bucket) {
    index_.VisitBucket(bucket, [&](ItemHandle handle) {
      const Item& item = ItemAt(handle);
      ++indexed;
      indexed_bytes += item.bytes_in_chunk();
      if (item.is_chunked()) {
        pieces += item.piece_count();
        indexed_bytes += item.piece_count() * sizeof(ValuePiece);
        indexed_bytes += item.value_bytes() - item.value().size();
        absl::StrAppend(&problems, ProblemsOfPieces(item));
      }
      if (sizes_.Counts(CasOf(item))) ++sizes[SizeHistogram::RoundUp(item.total_bytes())];
      if (pins_.Holds(handle)) absl::StrAppend(&problems, "an item is still held; ");
      if (item.queue() != EvictionNode::kProbationQueue &&
          item.queue() != EvictionNode::kMainQueue) {
        absl::StrAppend(&problems, "an indexed item is in no queue; ");
      }
      if (index_.AddressOf(Hash(item.key())) != bucket) {
        absl::StrAppend(&problems, "an item is in a bucket that is not its own; ");
      }
      if (item.bytes_in_chunk() > size_classes_.chunk_bytes(ClassOf(item))) {
        absl::StrAppend(&problems, "an item exceeds its chunk; ");
      }
    });
  }
  const StoreStats stats = Stats();
  if (indexed != index_.items() || indexed != stats.items || indexed_bytes != stats.item_bytes) {
    absl::StrAppend(&problems, "counts differ: ", indexed, " found, ", index_.items(),
                    " in the index, ", stats.items, " in the classes; ");
  }
  std::map<std::size_t, std::uint64_t> counted;
  for (const SizeHistogram::Row& row : sizes_.Rows()) counted[row.bytes] = row.items;
  if (sizes_.on() && counted != sizes) absl::StrAppend(&problems, "sizes are miscounted; ");
  for (int i = 0; i < size_classes_.count(); ++i) {
    const SizeClassStats of_class = ClassStats(i);
    pieces -= of_class.pieces;
    if (of_class.used_chunks != of_class.items + of_class.pieces ||
        of_class.items != of_class.items_small + of_class.items_main) {
      absl::StrAppend(&problems, "class ", i, ": ", of_class.used_chunks, " chunks used by ",
                      of_class.items, " items and ", of_class.pieces, " pieces, ",
                      of_class.items_small, " on probation and ", of_class.items_main,
                      " in main; ");
    }
  }
  if (pieces != 0) absl::StrAppend(&problems, "pieces without an item, or counted twice; ");
  if (pins_.held_bytes() != 0 || waiting_bytes_.load(std::memory_order_relaxed) != 0) {
    absl::StrAppend(&problems, "something is still held; ");
  }
  return problems;
}

}  // namespace ringcache::storage

// A cache of byte strings within a memory limit: the library that the server stands on, and that an
// application can embed (example/embed.cc).
//
// Keys are any bytes, at most 255. Time is an argument: each call is given the wall clock in Unix
// seconds. Nothing is spoken of protocols or sockets.
//
// Thread safety: every public function may be called from any thread. A key's bucket lock guards
// the index slot and the item; a size class's lock guards its chunks and queues; no thread holds
// both. Visitors run under the bucket lock: they must be short and must not call the store, except
// Pin. A program that keeps a store for long calls Maintain now and then.

#ifndef RINGCACHE_STORAGE_STORE_H_
#define RINGCACHE_STORAGE_STORE_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/optimization.h"
#include "absl/base/thread_annotations.h"
#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/cas_clock.h"
#include "storage/hash_index.h"
#include "storage/item.h"
#include "storage/item_access.h"
#include "storage/item_export.h"
#include "storage/key_hash.h"
#include "storage/page_pool.h"
#include "storage/pin_table.h"
#include "storage/prefetch.h"
#include "storage/relocation_log.h"
#include "storage/restart/memory_file.h"
#include "storage/restart/restart_image.h"
#include "storage/restart/restart_report.h"
#include "storage/size_class_state.h"
#include "storage/size_classes.h"
#include "storage/size_histogram.h"
#include "storage/spin_lock.h"
#include "storage/store_listener.h"
#include "storage/store_options.h"
#include "storage/store_stats.h"
#include "storage/store_types.h"
#include "storage/value_layout.h"

namespace ringcache::storage {

class Store {
 public:
  // `now`: items of a memory file that have expired by then are left behind; 0: they are found
  // later. What became of those is in restart_report().
  static absl::StatusOr<std::unique_ptr<Store>> Create(const StoreOptions& options,
                                                       UnixSeconds now = 0);
  // REQUIRES: no pin and no pending item is left.
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // The hash that the calls below want; compute it once per key.
  std::uint64_t Hash(absl::string_view key) const { return HashKey(seed_, key); }

  // Batched reads: for all keys PrefetchBucket, then for all keys PrefetchItem, then the reads;
  // each step hides the memory latency of the next. MultiGet does it for you.
  void PrefetchBucket(std::uint64_t hash) const { index_.PrefetchBucket(hash); }
  void PrefetchItem(std::uint64_t hash) const;

  // Calls `visit(ItemEditor&)` if the key has a live item. The visitor decides whether it counts as
  // a use (NoteUse). A dead item is removed on the way.
  template <typename Visitor>
  Lookup Access(absl::string_view key, std::uint64_t hash, UnixSeconds now, Visitor&& visit);

  // Reads many keys with prefetching: `visit(i, ItemEditor&)` for each hit, in order of `i`, each
  // counted as a use. Returns the number of hits.
  template <typename Visitor>
  std::size_t MultiGet(absl::Span<const absl::string_view> keys, UnixSeconds now, Visitor&& visit);

  // Makes room for an item and returns it, invisible to others. The eviction that this may need
  // happens here, and for a value of several chunks in PendingItem::RoomFrom. Expired on arrival
  // (`expires_at` <= now) is allowed. All that is pending or pinned may take three quarters of the
  // limit: whoever is slow to send values, or to take them, cannot push everything else out.
  PendingItem Allocate(absl::string_view key, std::uint64_t hash, std::size_t value_bytes,
                       std::uint32_t client_flags, UnixSeconds expires_at, UnixSeconds now);
  // Makes a filled item visible if the condition holds. Append and prepend may allocate.
  StoreResult Commit(PendingItem pending, const StoreCondition& condition, UnixSeconds now);

  // Allocate, copy and commit in one: the quickest way to store a value that is at hand. A present
  // item whose chunk suits the new value is overwritten where it lies, which counts as a use.
  StoreResult Put(absl::string_view key, std::uint64_t hash, absl::string_view value,
                  std::uint32_t client_flags, UnixSeconds expires_at, UnixSeconds now,
                  const StoreCondition& condition = StoreCondition());
  StoreResult Put(absl::string_view key, absl::string_view value, std::uint32_t client_flags,
                  UnixSeconds expires_at, UnixSeconds now,
                  const StoreCondition& condition = StoreCondition()) {
    return Put(key, Hash(key), value, client_flags, expires_at, now, condition);
  }

  // The size class of an item with such a key and value; the last one if it takes several chunks.
  int ClassFor(std::size_t key_bytes, std::size_t value_bytes, std::uint32_t client_flags) const {
    return size_classes_.ClassFor(
        std::min(Item::TotalBytes(key_bytes, value_bytes, cas_field(), client_flags != 0),
                 size_classes_.largest_chunk_bytes()));
  }

  // The value must be a decimal number below 2^64, possibly followed by spaces. A shorter result is
  // padded with spaces on the right, as memcached does.
  StoreResult Arithmetic(absl::string_view key, std::uint64_t hash, UnixSeconds now,
                         const ArithmeticOptions& options);

  // kStored: removed (or kept and changed, as the options say); kNotFound; kExists.
  StoreResult Remove(absl::string_view key, std::uint64_t hash, UnixSeconds now,
                     const RemoveOptions& options = RemoveOptions());

  // All items present at `at` die then; at <= now means at once. A later call replaces a pending
  // one.
  void FlushAll(UnixSeconds at, UnixSeconds now);

  // A fresh CAS id for the key with this hash, greater than those given out for it before.
  std::uint64_t NextCas(std::uint64_t hash) { return cas_clock_.Next(hash); }

  // Tells `listener`, if not null, of each eviction. It outlives the store, or is replaced and then
  // not used any more by calls that begin later.
  void SetListener(StoreListener* listener) {
    // Release: the listener is complete before anybody calls it.
    listener_.store(listener, std::memory_order_release);
  }

  // One step, of bounded time, of what has to be done beside the operations: removing dead items,
  // moving pages between size classes, giving memory back after the limit was lowered. True if more
  // is to be done at once. Call it about ten times a second, and again while it says so.
  bool Maintain(UnixSeconds now);

  // Gives memory to what the store will grow into next, a step a call; false: there is enough
  // ahead. Call it on the thread of Maintain, every few milliseconds while it says true. It is work
  // that the operations would do otherwise, in stretches of milliseconds on some machines.
  bool PopulateAhead() ABSL_LOCKS_EXCLUDED(maintenance_lock_);

  enum class PageMove : std::uint8_t { kStarted, kBusy, kNoSuchClass, kSameClass, kNothingToMove };
  // Asks for one page of class `from` (or, if that is -1, of the class that misses it least) to be
  // given to class `to`. Maintain does it.
  PageMove MovePage(int from, int to, UnixSeconds now);

  // Whether Maintain moves pages by itself: StoreOptions::move_pages, unless changed since.
  bool moves_pages() const { return moves_pages_.load(std::memory_order_relaxed); }
  void set_moves_pages(bool on) { moves_pages_.store(on, std::memory_order_relaxed); }

  // Counts items by size (header, key and value): those that are linked from now on, told from the
  // others by their CAS ids. False, and nothing changes, if items have none.
  bool CountSizes();
  void StopCountingSizes() { sizes_.Stop(); }
  const SizeHistogram& sizes() const { return sizes_; }

  // Export and import (store_export.cc). The cursor is false if kMaxExports are open.
  static constexpr std::size_t kMaxExports = RelocationLog::kMaxReaders;
  ExportCursor BeginExport(const ExportOptions& options = ExportOptions());
  // Called under the item's key's lock.
  using ExportVisitor = absl::FunctionRef<void(const ExportedItem&, ItemEditor&)>;
  // Goes on with an export while the cache serves: visits up to `max_items` live items (in
  // ExportOrder::kTable also the rest of the bucket in which that number is reached) and looks at
  // kExportLooks times as many places at most. False when the export is complete: each item that
  // was in its queue when the export began, and neither left the cache nor was replaced since, was
  // visited, also if it was moved. REQUIRES: max_items > 0, the cursor was opened by this store.
  static constexpr std::size_t kExportLooks = 4;
  bool ExportStep(ExportCursor* cursor, std::size_t max_items, UnixSeconds now,
                  ExportVisitor visit);
  // Stores an item of another store with all that belongs to it. kExists: the key has a live item
  // with the same CAS id or a greater one, which stays. kNotStored: it has expired. Ids that are
  // given out later for the key are greater, unless the item's is one that no store gives out.
  StoreResult Import(const ImportedItem& imported, UnixSeconds now);

  // Whether Maintain looks for expired items: StoreOptions::crawl, unless changed since. A lap over
  // the table goes on where it was when it was switched off.
  bool crawls() const { return crawls_.load(std::memory_order_relaxed); }
  void set_crawls(bool on) { crawls_.store(on, std::memory_order_relaxed); }
  // Ends the rest between two laps: Maintain begins one at once. False if one is under way.
  bool RequestCrawl();

  // Changes the limit while the store serves. A lower one is reached by Maintain, by eviction.
  // False if it is below one page or beyond what addresses were reserved for, which with a memory
  // file is the limit of the start: nothing changes.
  bool SetLimit(std::size_t limit_bytes);
  std::size_t limit_bytes() const { return limit_bytes_.load(std::memory_order_relaxed); }

  const RestartReport& restart_report() const { return restart_report_; }
  // Closes the memory file so that the next store can go on with the items; fails if there is none,
  // if an item is held, or if the file system fails. REQUIRES: no other caller; afterwards only the
  // destructor is called.
  absl::Status CloseFile(UnixSeconds now);

  const StoreOptions& options() const { return options_; }
  const SizeClasses& size_classes() const { return size_classes_; }
  // Takes each class's lock for a moment.
  StoreStats Stats() const;
  // `now`: for the ages of the items that leave next.
  SizeClassStats ClassStats(int size_class, UnixSeconds now = 0) const;
  // Sets the counters of events (not of contents) to 0.
  void ResetStats();

  // Walks everything and compares; for tests. Empty when all is well. REQUIRES: no other caller.
  std::string CheckInvariants();

 private:
  friend class PinnedItem;
  friend class PendingItem;
  friend class RemovedItem;
  friend class ItemEditor;
  using Guard = HashIndex::Guard;
  using Slot = HashIndex::Slot;

  // What a store is built on, and what it goes on with.
  struct Foundation {
    std::unique_ptr<MemoryFile> file;  // null: pages lie in memory of their own
    std::unique_ptr<PagePool> pages;
    std::optional<RestartImage> image;  // of what is in the pages; none: nothing is
    RestartReport report;
  };
  static absl::StatusOr<Foundation> ReserveMemory(const StoreOptions& options);
  // Takes everything but the image from the foundation.
  Store(const StoreOptions& options, Foundation& foundation, HashIndex index);

  // Restart (store_restart.cc). Claims the memory file, and what is in it, if that fits.
  static absl::StatusOr<Foundation> OpenFile(const StoreOptions& options,
                                             const SizeClasses& size_classes);
  // Puts the items of the pages into the index and the queues.
  void Restore(const RestartImage& image, UnixSeconds now) ABSL_LOCKS_EXCLUDED(index_);
  // Notes chunks that say that they hold a piece of a value in `pieces`.
  void RestorePage(int size_class, RestartImage::Page page, const RestartImage& image,
                   UnixSeconds now, std::vector<ItemHandle>& pieces) ABSL_LOCKS_EXCLUDED(index_);
  // Whether a whole, live item lies in a chunk, in which there may be any bytes.
  bool IsRestorable(const Item& item, int size_class, Moment moment) const;
  // Puts it into the index; false if a newer one of its key is there. `cas_base`: its id's.
  bool LinkRestored(Item& item, std::uint64_t hash, std::uint64_t cas_base)
      ABSL_LOCKS_EXCLUDED(index_);
  // In the order of `probation`, then those that it does not name.
  void EnqueueRestored(int size_class, const RestartImage::SizeClass& kept)
      ABSL_LOCKS_EXCLUDED(index_);
  // Gives the items of the largest chunks their pieces, and frees those that nobody wants. An item
  // that misses one goes.
  void RestorePieces(const RestartImage::SizeClass& largest, absl::Span<const ItemHandle> pieces)
      ABSL_LOCKS_EXCLUDED(index_);
  // False if there is no such piece of this key, or another item has it.
  bool ClaimPiece(Item& item, std::size_t number, std::uint64_t hash) ABSL_LOCKS_EXCLUDED(index_);
  ItemHandle ChunkAt(int size_class, std::uint32_t page, std::uint32_t slot) const;
  bool IsChunkOf(int size_class, ItemHandle handle) const ABSL_LOCKS_EXCLUDED(index_);
  RestartImage::SizeClass ImageOf(SizeClassState& state) const ABSL_LOCKS_EXCLUDED(state.lock);

  Item& ItemAt(ItemHandle handle) const { return static_cast<Item&>(nodes_[handle]); }
  // Of a chunk that is in use.
  std::uint8_t ClassOf(const EvictionNode& node) const {
    return pages_->OwnerOf(
        static_cast<std::size_t>(reinterpret_cast<const char*>(&node) - nodes_.base));
  }
  SizeClassState& StateOf(int size_class) const {
    return *classes_[static_cast<std::size_t>(size_class)];
  }

  // To be called first by every operation, without a lock: a flush that has become due takes effect
  // here. Acquire: who sees that nothing is due sees the count that the last flush left.
  void Observe(UnixSeconds now) {
    if (flush_at_.load(std::memory_order_acquire) <= now) ApplyDueFlush(now);
  }
  // The flush count, to be read under the lock that guards the items to be judged: what was linked
  // there earlier then has this count or an older one, never one that looks like another flush's.
  Moment MomentAt(UnixSeconds now) const { return {now, epoch_.load(std::memory_order_acquire)}; }
  void ApplyDueFlush(UnixSeconds now);
  // Returns how many buckets are to be swept at once.
  std::size_t AdvanceEpoch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(flush_lock_);
  // What every item that was linked does for the index: it grows, and while a flush is being
  // cleaned up after, dead items of one bucket go.
  void TendIndex() ABSL_LOCKS_EXCLUDED(index_, flush_lock_);
  bool SweepOneBucket() ABSL_LOCKS_EXCLUDED(index_, flush_lock_);
  // Takes what is dead out of a bucket, to be let go after its lock; at time 0, what was flushed.
  struct DeadItems {
    absl::InlinedVector<RemovedItem, HashIndex::kSlots> items;
    std::size_t looked_at = 0;
  };
  DeadItems TakeOutDead(std::size_t bucket, UnixSeconds now) ABSL_LOCKS_EXCLUDED(index_);
  // A lap is at its end: another follows if there was a flush since it began.
  void EndSweep() ABSL_LOCKS_EXCLUDED(flush_lock_);

  Slot Find(const Guard& guard, absl::string_view key, std::uint64_t hash) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(index_) {
    return index_.Find(guard, hash, [&](ItemHandle handle) { return ItemAt(handle).key() == key; });
  }
  // The live item of the key, or null. A dead one is unlinked into `dropped`, to be let go after
  // the guard.
  Item* FindLive(const Guard& guard, absl::string_view key, std::uint64_t hash, Moment moment,
                 Slot& slot, RemovedItem& dropped) ABSL_EXCLUSIVE_LOCKS_REQUIRED(index_);
  // Exports. Visits what lies at the handle if it is live and the cursor wants it.
  struct Found {
    ItemHandle handle = kNoItem;
    std::uint64_t hash = 0;
    bool in_main = false;
  };
  static constexpr std::size_t kFoundAtOnce = 32;
  bool VisitFound(const ExportCursor& cursor, const Found& found, UnixSeconds now,
                  ExportVisitor visit) ABSL_LOCKS_EXCLUDED(index_);
  // The same, of an item whose key's lock is held.
  bool VisitItem(const ExportCursor& cursor, Item& item, bool was_in_main, UnixSeconds now,
                 ExportVisitor visit);
  std::size_t VisitRelocated(ExportCursor* cursor, std::size_t max_items, UnixSeconds now,
                             ExportVisitor visit) ABSL_LOCKS_EXCLUDED(index_);
  std::size_t VisitBucket(const ExportCursor& cursor, std::size_t bucket, UnixSeconds now,
                          ExportVisitor visit, std::size_t* looked) ABSL_LOCKS_EXCLUDED(index_);
  // Looks at up to found.size() places of the class; returns how many items it found.
  std::size_t FindInClass(ExportCursor::ClassPlace& place, absl::Span<Found> found);
  std::size_t FindOnProbation(SizeClassState& state, ExportCursor::ClassPlace& place,
                              absl::Span<Found> found) ABSL_EXCLUSIVE_LOCKS_REQUIRED(state.lock);
  std::size_t FindInPages(SizeClassState& state, ExportCursor::ClassPlace& place,
                          absl::Span<Found> found) ABSL_EXCLUSIVE_LOCKS_REQUIRED(state.lock);
  void ListPages(SizeClassState& state, ExportCursor::ClassPlace& place)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(state.lock);
  // Makes an imported item visible.
  StoreResult LinkImported(PendingItem& pending, const ExportedItem& imported, UnixSeconds now)
      ABSL_LOCKS_EXCLUDED(index_);
  // Takes an item out of the index. It is then the caller's.
  RemovedItem Unlink(const Guard& guard, Slot slot) ABSL_EXCLUSIVE_LOCKS_REQUIRED(index_);

  // Whether nobody else reads the item's bytes: they may be changed in place.
  bool IsAlone(Item& item) ABSL_EXCLUSIVE_LOCKS_REQUIRED(index_);
  // For visitors of Access, which the analysis does not know to run under the key's lock.
  bool IsAloneNow(Item& item) ABSL_NO_THREAD_SAFETY_ANALYSIS { return IsAlone(item); }
  CasField cas_field() const { return options_.cas ? CasField::kNarrow : CasField::kNone; }
  std::uint64_t CasOf(const Item& item) const { return item.cas(cas_base_); }
  void SetCas(Item& item, std::uint64_t cas) const { item.set_cas(cas, cas_base_); }
  bool CanKeepCas(const Item& item, std::uint64_t cas) const {
    return item.CanKeepCas(cas, cas_base_);
  }
  // To be called under the key's lock, around each change of an item's size, CAS id, or being in
  // the index: before it, and after.
  void UncountSize(const Item& item) {
    if (ABSL_PREDICT_FALSE(sizes_.on())) sizes_.Subtract(item.total_bytes(), CasOf(item));
  }
  void CountSize(const Item& item) {
    if (ABSL_PREDICT_FALSE(sizes_.on())) sizes_.Add(item.total_bytes(), CasOf(item));
  }
  PendingItem AllocateWith(CasField cas_field, absl::string_view key, std::uint64_t hash,
                           std::size_t value_bytes, std::uint32_t client_flags,
                           UnixSeconds expires_at, UnixSeconds now);
  // A pending item that can keep any CAS id, in place of one that cannot. False: no memory.
  bool Widen(PendingItem& pending, UnixSeconds now);

  // The item that a new one is made from.
  struct Predecessor {
    const Item* item = nullptr;
    // What the new item takes over, as it is when it takes the place.
    bool pass_on_expiry = false;
    bool pass_on_marks = false;  // stale, win sent
  };
  // Makes `pending` visible. With a predecessor: only if that is the key's live item (kNotStored if
  // not), whatever the condition's mode.
  StoreResult Link(PendingItem& pending, const StoreCondition& condition, UnixSeconds now,
                   Predecessor predecessor) ABSL_LOCKS_EXCLUDED(index_);
  // Puts a finished item into the slot, or into the index if that is none; what was there is
  // `dropped`.
  StoreResult EnterIndex(const Guard& guard, Slot slot, PendingItem& pending, RemovedItem& dropped)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(index_);
  StoreResult Refuse(StoreOutcome outcome, Item* present) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(index_);
  // Decides and does what needs no new item; false if one is needed.
  bool PutInPlace(absl::string_view key, std::uint64_t hash, absl::string_view value,
                  std::uint32_t client_flags, UnixSeconds expires_at, UnixSeconds now,
                  const StoreCondition& condition, StoreResult& result) ABSL_LOCKS_EXCLUDED(index_);
  StoreResult CommitAppend(PendingItem pending, const StoreCondition& condition, UnixSeconds now);
  // Puts a marked copy in the item's place, without its value if the options say so.
  StoreResult RemoveByReplacing(absl::string_view key, std::uint64_t hash, UnixSeconds now,
                                const RemoveOptions& options);
  // Puts an item that entered the index into its queue; frees it if it was removed meanwhile.
  void Enqueue(Item& item, std::uint64_t hash, Arrival arrival, bool is_new)
      ABSL_LOCKS_EXCLUDED(index_);
  void GrowIndex() ABSL_LOCKS_EXCLUDED(index_);

  // A chunk in no queue; null when nothing can be evicted.
  EvictionNode* AllocateChunk(int size_class, UnixSeconds now) ABSL_LOCKS_EXCLUDED(index_);
  void CountOutOfMemory(int size_class) ABSL_LOCKS_EXCLUDED(index_);
  struct Victim {
    ItemHandle handle = kNoItem;
    std::uint64_t hash = 0;
    bool draining = false;  // its chunk's page is being emptied
  };
  // Chooses a victim, takes it out of its queue and marks it as leaving.
  Victim PickVictim(SizeClassState& state, UnixSeconds now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(state.lock);
  // The same for one item. REQUIRES: it is in a queue.
  Victim TakeOut(SizeClassState& state, ItemHandle handle)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(state.lock);
  void CountVictim(SizeClassState& state, const Item& item, bool live, UnixSeconds now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(state.lock);
  // Takes the victim out of the index and returns its chunk; null if others held or removed it.
  Item* Evict(Victim victim) ABSL_LOCKS_EXCLUDED(index_);
  // Frees a chunk that holds nothing that is counted.
  void GiveBack(const EvictionNode& chunk) ABSL_LOCKS_EXCLUDED(index_);
  // Moves the victim to the chunk `to`, or puts it back where it was; frees the chunk that is not
  // needed.
  void Relocate(Victim victim, Arrival arrival, ItemHandle to) ABSL_LOCKS_EXCLUDED(index_);
  void Unpin(Item& item) ABSL_LOCKS_EXCLUDED(index_);
  // Lets an item go that has left the index: frees it, or leaves that to whoever holds it.
  void LetGo(Item& item) ABSL_LOCKS_EXCLUDED(index_);
  void Free(Item& item) ABSL_LOCKS_EXCLUDED(index_);

  // Values (store_values.cc). Whether so many bytes may be pinned, or be pending, beside what is;
  // `own_bytes` of that belong to the one who asks.
  bool MayHold(std::size_t bytes, std::size_t own_bytes) const;
  PinnedItem PinAlways(Item& item);
  absl::Span<char> RoomFrom(PendingItem& pending, std::size_t offset, UnixSeconds now)
      ABSL_LOCKS_EXCLUDED(index_);
  // A chunk for one piece of the value; false if there is none.
  bool AddPiece(PendingItem& pending, const ValueLayout::Place& place, UnixSeconds now)
      ABSL_LOCKS_EXCLUDED(index_);
  // Copies a whole value to `offset` of a pending one. False: no memory.
  bool CopyValue(const Item& from, PendingItem& to, std::size_t offset, UnixSeconds now);
  // Frees the chunks beside the item's own. REQUIRES: it is nobody else's.
  void FreePieces(Item& item) ABSL_LOCKS_EXCLUDED(index_);
  // Empties a chunk that holds a piece: moves it within its class, or evicts the item.
  void DrainPiece(SizeClassState& state, ItemHandle handle, UnixSeconds now)
      ABSL_LOCKS_EXCLUDED(index_);

  // Memory (store_memory.cc). How many pages the limit allows beside the index and the queues, and
  // how many of them are for classes that have none.
  std::size_t AllowedPages() const;
  std::size_t ReservedPages() const { return limit_bytes() / kLimitPerReservedPage; }
  static constexpr std::size_t kLimitPerReservedPage = std::size_t{1} << 30;
  void NotePolicyBytes(SizeClassState& state) ABSL_EXCLUSIVE_LOCKS_REQUIRED(state.lock);
  // Empties a page of another class at once and gives it to this one, which has none.
  bool TakePageByForce(int size_class, UnixSeconds now) ABSL_LOCKS_EXCLUDED(index_);
  // The class to ask first: one with a page's worth of free chunks, else the one with most pages;
  // kNoClass if all were asked.
  int LargestDonor(const std::vector<bool>& asked) const ABSL_LOCKS_EXCLUDED(index_);
  bool TakePageFrom(int donor, int size_class, UnixSeconds now) ABSL_LOCKS_EXCLUDED(index_);
  static constexpr int kNoClass = -1;
  // A page that is being emptied, chunk by chunk.
  struct Drain {
    int donor = kNoClass;     // kNoClass: none is under way
    int receiver = kNoClass;  // kNoClass: the memory goes back to the system
    std::uint32_t page = 0;
    std::uint32_t slot = 0;
    int rounds = 0;  // over the whole page, in which something stayed
  };
  // Chooses a page of the donor; false if it has none.
  bool StartDrain(Drain& drain, int donor, int receiver) ABSL_LOCKS_EXCLUDED(index_);
  enum class DrainProgress { kGoesOn, kMoved, kGivenUp };
  // Empties up to `chunks` chunks; at the end the page goes to the receiver.
  DrainProgress ContinueDrain(Drain& drain, int chunks, UnixSeconds now)
      ABSL_LOCKS_EXCLUDED(index_);
  void DrainChunk(SizeClassState& state, ItemHandle handle, UnixSeconds now)
      ABSL_LOCKS_EXCLUDED(index_);
  DrainProgress FinishDrain(Drain& drain) ABSL_LOCKS_EXCLUDED(index_);
  // How long the items that are next to leave a class have not been used: the middle one of some.
  UnixSeconds IdleSecondsOf(SizeClassState& state, UnixSeconds now) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(state.lock);
  // The class that misses a page least, if it is one that misses it less than the receiver (or any,
  // for kNoClass); kNoClass if none has one to give.
  int ChooseDonor(int receiver, UnixSeconds receiver_idle, UnixSeconds now)
      ABSL_LOCKS_EXCLUDED(index_);
  bool StartNeededDrain(UnixSeconds now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(maintenance_lock_);
  // Looks at some buckets for items that have expired; false when there is nothing to do.
  bool CrawlStep(UnixSeconds now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(maintenance_lock_);
  std::size_t RemoveExpired(std::size_t bucket, UnixSeconds now, std::size_t* looked_at)
      ABSL_LOCKS_EXCLUDED(index_);

  std::string ProblemsOfPieces(const Item& item) const;

  const StoreOptions options_;
  const std::uint64_t seed_;
  const SizeClasses size_classes_;
  std::atomic<std::size_t> limit_bytes_;
  std::atomic<bool> moves_pages_;
  std::atomic<bool> crawls_;
  // Before the pages: it lets go of its lock after they are unmapped.
  const std::unique_ptr<MemoryFile> file_;
  const std::unique_ptr<PagePool> pages_;
  const NodeMap nodes_;
  const ValueLayout layout_;
  HashIndex index_;
  CasClock cas_clock_;
  // What the CAS ids of items are kept as a distance from.
  const std::uint64_t cas_base_;
  RestartReport restart_report_;
  PinTable pins_;
  SizeHistogram sizes_;
  RelocationLog relocations_;
  std::atomic<StoreListener*> listener_{nullptr};
  std::vector<std::unique_ptr<SizeClassState>> classes_;

  // When a flush falls due, or kNoFlush.
  static constexpr UnixSeconds kNoFlush = ~UnixSeconds{0};
  std::atomic<UnixSeconds> flush_at_{kNoFlush};
  // Counts flushes modulo 256. Items of an older count are dead; laps over the table remove them
  // before the count comes round.
  std::atomic<std::uint8_t> epoch_{0};
  // The next bucket to sweep; past the last bucket when there is nothing to do.
  static constexpr std::size_t kSwept = ~std::size_t{0} >> 1;
  std::atomic<std::size_t> sweep_bucket_{kSwept};
  SpinLock flush_lock_;
  int flushes_in_lap_ ABSL_GUARDED_BY(flush_lock_) = 0;
  bool sweep_again_ ABSL_GUARDED_BY(flush_lock_) = false;

  // Of all that Allocate returned and that is not committed or dropped.
  std::atomic<std::size_t> waiting_bytes_{0};
  // Memory of all policies, as last seen.
  std::atomic<std::size_t> policy_bytes_{0};
  // Guards what Maintain keeps between its steps. Taken first and only tried: one thread at a time.
  SpinLock maintenance_lock_;
  Drain drain_ ABSL_GUARDED_BY(maintenance_lock_);
  struct Crawl {
    std::size_t bucket = 0;
    bool resting = false;
    UnixSeconds rests_from = 0;
    UnixSeconds rest_seconds = 0;
    std::size_t looked_at = 0;  // in this lap
    std::size_t removed = 0;
  };
  Crawl crawl_ ABSL_GUARDED_BY(maintenance_lock_);
  // Relaxed: told by one thread to another, which asks again and again.
  std::atomic<bool> crawl_requested_{false};
  std::atomic<bool> crawl_running_{false};
  // Relaxed: each is one number, for Stats.
  std::atomic<std::uint64_t> pages_moved_{0};
  std::atomic<std::uint64_t> pages_returned_{0};
  std::atomic<std::uint64_t> items_relocated_{0};
  std::atomic<std::uint64_t> crawler_items_checked_{0};
  std::atomic<std::uint64_t> crawler_laps_{0};
  std::atomic<bool> page_move_running_{false};
};

template <typename Visitor>
Lookup Store::Access(absl::string_view key, std::uint64_t hash, UnixSeconds now, Visitor&& visit) {
  Observe(now);
  RemovedItem dropped;
  Guard guard(index_, hash);
  const Slot slot = Find(guard, key, hash);
  if (!slot) return Lookup::kMiss;
  Item& item = ItemAt(index_.HandleAt(slot));
  const Liveness liveness = LivenessOf(item, MomentAt(now));
  if (liveness != Liveness::kLive) {
    dropped = Unlink(guard, slot);
    return liveness == Liveness::kExpired ? Lookup::kExpired : Lookup::kFlushed;
  }
  ItemEditor editor(this, &item, now, ClassOf(item));
  visit(editor);
  return Lookup::kHit;
}

inline void Store::PrefetchItem(std::uint64_t hash) const {
  index_.PeekCandidates(hash, [this](ItemHandle handle) {
    // Header, key and the start of the value of a typical item.
    const char* const item = reinterpret_cast<const char*>(&nodes_[handle]);
    Prefetch(item);
    Prefetch(item + 64);
    Prefetch(item + 128);
  });
}

template <typename Visitor>
std::size_t Store::MultiGet(absl::Span<const absl::string_view> keys, UnixSeconds now,
                            Visitor&& visit) {
  // More lines under way than a core can wait for gain nothing and push each other out.
  constexpr std::size_t kGroup = 32;
  std::array<std::uint64_t, kGroup> hashes;
  std::size_t hits = 0;
  for (std::size_t start = 0; start < keys.size(); start += kGroup) {
    const std::size_t count = std::min(kGroup, keys.size() - start);
    for (std::size_t i = 0; i < count; ++i) {
      hashes[i] = Hash(keys[start + i]);
      PrefetchBucket(hashes[i]);
    }
    for (std::size_t i = 0; i < count; ++i) PrefetchItem(hashes[i]);
    for (std::size_t i = 0; i < count; ++i) {
      const Lookup lookup = Access(keys[start + i], hashes[i], now, [&](ItemEditor& editor) {
        editor.NoteUse();
        visit(start + i, editor);
      });
      if (lookup == Lookup::kHit) ++hits;
    }
  }
  return hits;
}

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_STORE_H_

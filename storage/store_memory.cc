// How a Store finds room: free chunks, pages, eviction, and pages of other size classes.

#include <algorithm>
#include <array>
#include <thread>

#include "storage/store.h"

namespace ringcache::storage {
namespace {

// An item that was used in this time was active when it was evicted.
constexpr UnixSeconds kActiveSeconds = 60;
// How often one allocation may lose a victim (to a pin, or to another thread) before it fails.
constexpr int kMaxEvictionAttempts = 128;
// How many chunks of pages that are being emptied one allocation leaves alone.
constexpr int kMaxDrainingVictims = 4;
// How many items that must stay one allocation may pass over: bounds its time under the lock.
constexpr int kMaxSpared = 64;
// Classes that one attempt to take a page may ask for one, and how often one allocation may try.
constexpr int kMaxDonorsAsked = 4;
constexpr int kMaxTakings = 16;
// How often one allocation may ask for a victim in vain, although its class has items.
constexpr int kMaxLooks = 4;
// Up to this many pages the limit is for pages alone, as the index would take too large a share of
// whole pages.
constexpr std::size_t kLeastPages = 8;
// Pages of a class that are compared when one has to be chosen.
constexpr std::size_t kPagesConsidered = 64;
// Rounds over a page in which something stayed (held by a reader, or being written).
constexpr int kMaxDrainRounds = 4;
// Items whose age stands for that of their class.
constexpr std::size_t kAgeSamples = 16;

}  // namespace

std::size_t Store::AllowedPages() const {
  const std::size_t limit = limit_bytes();
  const std::size_t beside = index_.bytes() + policy_bytes_.load(std::memory_order_relaxed);
  const std::size_t least = std::min(limit / kPageBytes, kLeastPages);
  return std::max(limit > beside ? (limit - beside) / kPageBytes : 0, least);
}

void Store::NotePolicyBytes(SizeClassState& state) {
  const std::size_t bytes = state.policy->bytes();
  // Relaxed, here and where it is read: a sum of estimates. Unsigned differences may wrap and add
  // up all the same.
  policy_bytes_.fetch_add(bytes - state.policy_bytes, std::memory_order_relaxed);
  state.policy_bytes = bytes;
}

void Store::CountVictim(SizeClassState& state, const Item& item, bool live, UnixSeconds now) {
  EvictionCounters& events = state.events;
  if (!live) {
    ++events.reclaimed;
    if (!item.fetched()) ++events.expired_unfetched;
    return;
  }
  const UnixSeconds age = item.idle_seconds(now);
  ++events.evictions;
  state.evictions_unheard += item.is_chunked() ? 1 + item.piece_count() : 1;
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
                        .idle_seconds = age,
                        .now = now,
                        .size_class = ClassOf(item),
                        .fetched = item.fetched()});
}

Store::Victim Store::TakeOut(SizeClassState& state, ItemHandle handle) {
  Item& item = ItemAt(handle);
  const std::uint64_t hash = Hash(item.key());
  state.policy->Remove(handle);
  --state.items;
  // From here on another evictor of the same bucket may take the chunk over.
  item.SetQueue(EvictionNode::kLeaving);
  return {handle, hash, state.slabs.IsDraining(state.slabs.PageOf(handle))};
}

Store::Victim Store::PickVictim(SizeClassState& state, UnixSeconds now) {
  const Moment moment = MomentAt(now);
  for (int spared = 0; spared < kMaxSpared; ++spared) {
    const ItemHandle handle = state.policy->Victim();
    if (handle == kNoItem) return {};
    Item& item = ItemAt(handle);
    const bool live = IsLive(item, moment);
    // Without the key's lock: a hint. The chunk of an item that others hold would not be free now.
    const bool held = item.pinned() && pins_.Holds(handle);
    if (held || (live && !options_.evict)) {
      state.policy->Spare(handle);
      continue;
    }
    const bool probation = item.queue() == EvictionNode::kProbationQueue;
    CountVictim(state, item, live, now);
    const Victim victim = TakeOut(state, handle);
    if (live) state.policy->RememberEvicted(victim.hash, probation);
    return victim;
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
    if (!slot || item.queue() != EvictionNode::kLeaving) return nullptr;
    UncountSize(item);
    index_.Erase(guard, slot);
  }
  // If a pin was faster, its holder frees the chunk.
  if (item.pinned() && pins_.GiveUp(victim.handle)) return nullptr;
  if (item.is_chunked()) FreePieces(item);
  // Only now: its length could change until it left the index.
  StateOf(ClassOf(item)).item_bytes.fetch_sub(item.bytes_in_chunk(), std::memory_order_relaxed);
  return &item;
}

void Store::GiveBack(const EvictionNode& chunk) {
  SizeClassState& state = StateOf(ClassOf(chunk));
  SpinLockHolder hold(state.lock);
  state.slabs.Give(nodes_.HandleOf(&chunk));
}

EvictionNode* Store::AllocateChunk(int size_class, UnixSeconds now) {
  Observe(now);
  SizeClassState& state = StateOf(size_class);
  int takings_left = kMaxTakings;
  int looks_left = kMaxLooks;
  for (int attempt = 0; attempt < kMaxEvictionAttempts; ++attempt) {
    Victim victim;
    {
      SpinLockHolder hold(state.lock);
      const ItemHandle handle = state.slabs.Take();
      if (handle != kNoItem) return &nodes_[handle];
      // The last pages are for classes that have none, which would have to empty one of others
      // first.
      const std::size_t reserved = state.slabs.pages() > 0 ? ReservedPages() : 0;
      const std::size_t allowed = AllowedPages() - reserved;
      if (pages_->taken_pages() < allowed) {
        const std::uint32_t page = pages_->Take(allowed, static_cast<std::uint8_t>(size_class));
        if (page != PagePool::kNoPage) {
          state.slabs.AddPage(page);
          return &nodes_[state.slabs.Take()];
        }
      }
      victim = PickVictim(state, now);
      if (victim.handle != kNoItem) ++state.events.direct_reclaims;
      if (victim.handle == kNoItem && state.items > 0 && --looks_left > 0) continue;
    }
    if (victim.handle == kNoItem) {
      if (TakePageByForce(size_class, now)) continue;
      // The few pages there are may all be in other threads' hands, for a moment.
      if (--takings_left == 0) break;
      std::this_thread::yield();
      continue;
    }
    Item* const chunk = Evict(victim);
    if (chunk == nullptr) continue;
    // Its page may have gone to another class since it was picked, with another item in its place.
    const bool is_ours = ClassOf(*chunk) == size_class;
    // What lies in a page that is being emptied is passed over, unless there is little else.
    if (is_ours && (!victim.draining || attempt >= kMaxDrainingVictims)) return chunk;
    GiveBack(*chunk);
  }
  return nullptr;
}

void Store::CountOutOfMemory(int size_class) {
  SizeClassState& state = StateOf(size_class);
  SpinLockHolder hold(state.lock);
  ++state.events.out_of_memory;
}

PendingItem Store::Allocate(absl::string_view key, std::uint64_t hash, std::size_t value_bytes,
                            std::uint32_t client_flags, UnixSeconds expires_at, UnixSeconds now) {
  // One that takes several chunks is asked again for each.
  if (!MayHold(std::min(value_bytes, size_classes_.largest_chunk_bytes()), 0)) {
    PendingItem refused;
    refused.failure_ = StoreOutcome::kOutOfMemory;
    return refused;
  }
  PendingItem pending =
      AllocateWith(cas_field(), key, hash, value_bytes, client_flags, expires_at, now);
  if (pending) {
    pending.waiting_bytes_ = pending.item_->bytes_in_chunk();
    waiting_bytes_.fetch_add(pending.waiting_bytes_, std::memory_order_relaxed);
  }
  return pending;
}

PendingItem Store::AllocateWith(CasField cas_field, absl::string_view key, std::uint64_t hash,
                                std::size_t value_bytes, std::uint32_t client_flags,
                                UnixSeconds expires_at, UnixSeconds now) {
  PendingItem pending;
  pending.hash_ = hash;
  const std::size_t bytes = Item::TotalBytes(key.size(), value_bytes, cas_field, client_flags != 0);
  // The value by itself first: a length near 2^64 would wrap the sum.
  if (value_bytes > options_.max_item_bytes || bytes > options_.max_item_bytes ||
      key.size() > kMaxKeyBytes) {
    pending.failure_ = StoreOutcome::kTooLarge;
    return pending;
  }
  const bool chunked = layout_.IsChunked(bytes);
  const int size_class = chunked ? size_classes_.count() - 1 : size_classes_.ClassFor(bytes);
  Item* const item = static_cast<Item*>(AllocateChunk(size_class, now));
  if (item == nullptr) {
    CountOutOfMemory(size_class);
    pending.failure_ = StoreOutcome::kOutOfMemory;
    return pending;
  }
  if (chunked) {
    const ValueLayout::Parts parts = layout_.PartsOf(key.size(), value_bytes);
    item->InitializeChunked(key, static_cast<std::uint32_t>(value_bytes), parts.head_bytes,
                            parts.pieces, cas_field, client_flags, expires_at, now);
  } else {
    item->Initialize(key, value_bytes, cas_field, client_flags, expires_at, now);
  }
  pending.store_ = this;
  pending.item_ = item;
  return pending;
}

bool Store::StartDrain(Drain& drain, int donor, int receiver) {
  SizeClassState& state = StateOf(donor);
  SpinLockHolder hold(state.lock);
  ClockHand hand;
  std::size_t fewest = state.slabs.chunks_per_page() + 1;
  // Some pages of many, those first that the class has had longest.
  for (; hand.page < std::min(state.slabs.pages(), kPagesConsidered); ++hand.page) {
    const std::uint32_t page = state.slabs.PageAt(hand);
    if (state.slabs.IsDraining(page) || state.slabs.UsedChunks(page) >= fewest) continue;
    fewest = state.slabs.UsedChunks(page);
    drain = {donor, receiver, page, 0, 0};
  }
  if (fewest > state.slabs.chunks_per_page()) return false;
  state.slabs.StartDraining(drain.page);
  return true;
}

void Store::DrainChunk(SizeClassState& state, ItemHandle handle, UnixSeconds now) {
  // Another value by now is met by the next round.
  if (nodes_[handle].queue() == EvictionNode::kPiece) return DrainPiece(state, handle, now);
  Victim victim;
  Arrival arrival = Arrival::kNew;
  ItemHandle to = kNoItem;
  {
    SpinLockHolder hold(state.lock);
    Item& item = ItemAt(handle);
    const EvictionNode::Queue queue = item.queue();
    // Free, or in the hands of a thread that is about to finish.
    if (queue != EvictionNode::kProbationQueue && queue != EvictionNode::kMainQueue) return;
    if (item.pinned() && pins_.Holds(handle)) return;
    const bool live = IsLive(item, MomentAt(now));
    if (live && state.slabs.HasFreeChunk()) {
      to = state.slabs.Take();
    } else if (live && !options_.evict) {
      return;
    } else {
      CountVictim(state, item, live, now);
    }
    if (queue == EvictionNode::kMainQueue) arrival = Arrival::kProtected;
    if (to != kNoItem) relocations_.Begin();
    victim = TakeOut(state, handle);
  }
  if (to != kNoItem) {
    Relocate(victim, arrival, to);
  } else if (const Item* const chunk = Evict(victim)) {
    GiveBack(*chunk);
  }
}

void Store::Relocate(Victim victim, Arrival arrival, ItemHandle to) {
  Item& from = ItemAt(victim.handle);
  Item& target = ItemAt(to);
  SizeClassState& state = StateOf(ClassOf(target));
  Item* entering = nullptr;
  ItemHandle unneeded = to;
  {
    Guard guard(index_, victim.hash);
    const Slot slot =
        index_.Find(guard, victim.hash, [&](ItemHandle handle) { return handle == victim.handle; });
    // Otherwise somebody deleted or replaced it, and frees it.
    if (slot && from.queue() == EvictionNode::kLeaving) {
      entering = &from;
      // Its page may have gone to another class since it was picked, with another item in its
      // place.
      if (IsAlone(from) && ClassOf(from) == ClassOf(target)) {
        target.CopyFrom(from);
        entering = &target;
        unneeded = victim.handle;
        index_.Replace(slot, to);
        items_relocated_.fetch_add(1, std::memory_order_relaxed);
      }
      entering->SetQueue(EvictionNode::kEntering);
    }
  }
  {
    SpinLockHolder hold(state.lock);
    state.slabs.Give(unneeded);
  }
  if (entering != nullptr) Enqueue(*entering, victim.hash, arrival, /*is_new=*/false);
  relocations_.End({victim.hash, entering != nullptr ? nodes_.HandleOf(entering) : kNoItem});
}

Store::DrainProgress Store::ContinueDrain(Drain& drain, int chunks, UnixSeconds now) {
  SizeClassState& state = StateOf(drain.donor);
  for (int i = 0; i < chunks; ++i) {
    ItemHandle handle = kNoItem;
    {
      SpinLockHolder hold(state.lock);
      if (drain.slot >= state.slabs.CutChunks(drain.page)) break;
      handle = state.slabs.ChunkAt(drain.page, drain.slot++);
    }
    DrainChunk(state, handle, now);
  }
  return FinishDrain(drain);
}

Store::DrainProgress Store::FinishDrain(Drain& drain) {
  SizeClassState& state = StateOf(drain.donor);
  {
    SpinLockHolder hold(state.lock);
    if (!state.slabs.IsEmpty(drain.page)) {
      if (drain.slot < state.slabs.CutChunks(drain.page)) return DrainProgress::kGoesOn;
      drain.slot = 0;
      if (++drain.rounds < kMaxDrainRounds) return DrainProgress::kGoesOn;
      state.slabs.StopDraining(drain.page);
      drain.donor = kNoClass;
      return DrainProgress::kGivenUp;
    }
    state.slabs.RemovePage(drain.page);
    pages_->Disown(drain.page);
  }
  drain.donor = kNoClass;
  if (drain.receiver == kNoClass) {
    pages_->Return(drain.page, /*to_system=*/pages_->taken_pages() > AllowedPages());
    pages_returned_.fetch_add(1, std::memory_order_relaxed);
    return DrainProgress::kMoved;
  }
  pages_moved_.fetch_add(1, std::memory_order_relaxed);
  SizeClassState& receiver = StateOf(drain.receiver);
  SpinLockHolder hold(receiver.lock);
  pages_->PassOn(drain.page, static_cast<std::uint8_t>(drain.receiver));
  receiver.slabs.AddPage(drain.page);
  return DrainProgress::kMoved;
}

int Store::LargestDonor(const std::vector<bool>& asked) const {
  int donor = kNoClass;
  std::size_t most_pages = 0;
  for (int i = 0; i < size_classes_.count(); ++i) {
    if (asked[static_cast<std::size_t>(i)]) continue;
    const SizeClassState& state = StateOf(i);
    SpinLockHolder hold(state.lock);
    // A page's worth of free chunks: little or nothing has to go.
    if (state.slabs.pages() > 0 && state.slabs.free_chunks() >= state.slabs.chunks_per_page()) {
      return i;
    }
    // Without eviction nothing else can be had.
    if (!options_.evict || state.slabs.pages() <= most_pages) continue;
    most_pages = state.slabs.pages();
    donor = i;
  }
  return donor;
}

bool Store::TakePageByForce(int size_class, UnixSeconds now) {
  std::vector<bool> asked(classes_.size(), false);
  asked[static_cast<std::size_t>(size_class)] = true;
  for (int asking = 0; asking < kMaxDonorsAsked; ++asking) {
    const int donor = LargestDonor(asked);
    if (donor == kNoClass) return false;
    asked[static_cast<std::size_t>(donor)] = true;
    if (TakePageFrom(donor, size_class, now)) return true;
  }
  return false;
}

bool Store::TakePageFrom(int donor, int size_class, UnixSeconds now) {
  Drain drain;
  if (!StartDrain(drain, donor, size_class)) return false;
  constexpr int kWholePage = kPageBytes / 48;
  while (true) {
    const DrainProgress progress = ContinueDrain(drain, kWholePage, now);
    if (progress != DrainProgress::kGoesOn) return progress == DrainProgress::kMoved;
  }
}

UnixSeconds Store::IdleSecondsOf(SizeClassState& state, UnixSeconds now) const {
  const EvictionNode::Queue first = state.policy->leaving_queue();
  const EvictionNode::Queue second =
      first == EvictionNode::kMainQueue ? EvictionNode::kProbationQueue : EvictionNode::kMainQueue;
  std::array<ItemHandle, kAgeSamples> next;
  std::size_t count = state.policy->Next(first, absl::MakeSpan(next));
  if (count == 0) count = state.policy->Next(second, absl::MakeSpan(next));
  if (count == 0) return 0;
  std::array<UnixSeconds, kAgeSamples> idle;
  for (std::size_t i = 0; i < count; ++i) idle[i] = ItemAt(next[i]).idle_seconds(now);
  std::nth_element(idle.begin(), idle.begin() + count / 2, idle.begin() + count);
  return idle[count / 2];
}

}  // namespace ringcache::storage

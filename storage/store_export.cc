// How a Store yields its items to somebody who saves or moves them, and takes in such items.

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "storage/store.h"

namespace ringcache::storage {
namespace {

// What is put into a probation queue while it is walked over lengthens the walk. After so many
// times its length (and a few) the lap over the chunks looks at probation, too, instead.
constexpr std::size_t kMostWalks = 4;
constexpr std::size_t kFewPlaces = 1024;
// The part of the room for CAS ids that an imported id may not use up, 1/4: ids that lie further
// ahead were chosen by a client, and a clock that followed them would end there.
constexpr std::uint64_t kMostAdvance = Item::kNarrowCasLimit / 4 * 3;

}  // namespace

ExportCursor Store::BeginExport(const ExportOptions& options) {
  ExportCursor cursor;
  cursor.relocations_ = relocations_.Open();
  if (!cursor) return cursor;
  cursor.by_table_ = options.order == ExportOrder::kTable;
  if (!options.classes.empty()) {
    cursor.wanted_.resize(classes_.size(), false);
    for (const int size_class : options.classes) {
      if (size_class < size_classes_.count()) {
        cursor.wanted_[static_cast<std::size_t>(size_class)] = true;
      }
    }
  }
  for (int i = 0; i < size_classes_.count() && !cursor.by_table_; ++i) {
    if (!cursor.Wants(i)) continue;
    SizeClassState& state = StateOf(i);
    SpinLockHolder hold(state.lock);
    if (state.slabs.pages() == 0) continue;
    ExportCursor::ClassPlace& place = cursor.classes_.emplace_back();
    place.size_class = i;
    place.places = state.policy->counts().probation;
    place.chunks = state.slabs.pages() * state.slabs.chunks_per_page();
  }
  return cursor;
}

bool Store::ExportStep(ExportCursor* cursor, std::size_t max_items, UnixSeconds now,
                       ExportVisitor visit) {
  Observe(now);
  if (cursor->done_) return false;
  const std::size_t max_looks = max_items * kExportLooks;
  std::size_t visited = 0;
  std::size_t looked = 0;
  // Before the places that are left are looked at: what is on its way then has left one of these.
  const bool none_under_way = relocations_.NoneUnderWay();
  if (!cursor->by_table_) visited = looked = VisitRelocated(cursor, max_items, now, visit);
  while (visited < max_items && looked < max_looks) {
    if (cursor->by_table_) {
      if (cursor->bucket_ >= index_.bucket_count()) {
        cursor->done_ = true;
        break;
      }
      visited += VisitBucket(*cursor, cursor->bucket_++, now, visit, &looked);
      continue;
    }
    ExportCursor::ClassPlace* least = nullptr;
    for (ExportCursor::ClassPlace& place : cursor->classes_) {
      if (place.stage == ExportCursor::Stage::kPassed) continue;
      if (least == nullptr || place.progress() < least->progress()) least = &place;
    }
    if (least == nullptr) {
      // Only in a call that found all passed and nothing to read has nothing been left behind.
      cursor->done_ = none_under_way && looked == 0;
      break;
    }
    std::array<Found, kFoundAtOnce> found;
    const std::size_t places = std::min(found.size(), max_items - visited);
    const std::size_t count = FindInClass(*least, absl::MakeSpan(found).first(places));
    looked += places;
    for (std::size_t i = 0; i < count; ++i) {
      if (VisitFound(*cursor, found[i], now, visit)) ++visited;
    }
  }
  return !cursor->done_;
}

std::size_t Store::VisitRelocated(ExportCursor* cursor, std::size_t max_items, UnixSeconds now,
                                  ExportVisitor visit) {
  std::array<RelocationLog::Entry, kFoundAtOnce> entries;
  std::size_t read = 0;
  while (read < max_items) {
    bool missed = false;
    const std::size_t count = cursor->relocations_.Read(
        absl::MakeSpan(entries).first(std::min(entries.size(), max_items - read)), &missed);
    // No item leaves its bucket when it is moved: a walk over the table misses none.
    if (missed) cursor->by_table_ = true;
    if (missed || count == 0) break;
    read += count;
    for (std::size_t i = 0; i < count; ++i) {
      VisitFound(*cursor, {entries[i].handle, entries[i].hash, false}, now, visit);
    }
  }
  return read;
}

std::size_t Store::FindInClass(ExportCursor::ClassPlace& place, absl::Span<Found> found) {
  SizeClassState& state = StateOf(place.size_class);
  SpinLockHolder hold(state.lock);
  if (place.stage == ExportCursor::Stage::kProbation) return FindOnProbation(state, place, found);
  return FindInPages(state, place, found);
}

std::size_t Store::FindOnProbation(SizeClassState& state, ExportCursor::ClassPlace& place,
                                   absl::Span<Found> found) {
  std::array<ItemHandle, kFoundAtOnce> handles;
  const absl::Span<ItemHandle> nodes = absl::MakeSpan(handles).first(found.size());
  const std::size_t count = state.policy->WalkProbation(place.walk, nodes);
  for (std::size_t i = 0; i < count; ++i) {
    found[i] = {handles[i], Hash(ItemAt(handles[i]).key()), false};
  }
  place.looked += found.size();
  const EvictionPolicy::Walk::State walk = place.walk.state;
  if (walk != EvictionPolicy::Walk::State::kGoesOn ||
      place.looked > kMostWalks * place.places + kFewPlaces) {
    place.probation_complete = walk == EvictionPolicy::Walk::State::kEnded;
    place.looked = place.places;
    ListPages(state, place);
  }
  return count;
}

void Store::ListPages(SizeClassState& state, ExportCursor::ClassPlace& place) {
  place.stage = ExportCursor::Stage::kPassed;
  const std::size_t pages = state.slabs.pages();
  if (pages == 0) return;
  place.stage = ExportCursor::Stage::kMain;
  place.pages.reserve(pages + 1);
  for (std::size_t i = 0; i < pages; ++i) {
    place.pages.push_back(state.slabs.PageAt({static_cast<std::uint32_t>(i), 0}));
  }
  ItemHandle next = kNoItem;
  if (state.policy->Next(EvictionNode::kMainQueue, absl::MakeSpan(&next, 1)) > 0) {
    const std::uint32_t page = state.slabs.PageOf(next);
    std::rotate(place.pages.begin(), std::find(place.pages.begin(), place.pages.end(), page),
                place.pages.end());
    place.slot = place.end_slot = state.slabs.SlotOf(next);
  }
  place.pages.push_back(place.pages.front());
}

std::size_t Store::FindInPages(SizeClassState& state, ExportCursor::ClassPlace& place,
                               absl::Span<Found> found) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool last = place.page + 1 == place.pages.size();
    const std::uint32_t page = place.pages[place.page];
    const std::size_t end = last ? place.end_slot : state.slabs.chunks_per_page();
    // A page that went to another class, and what was never cut of one, are passed over at once.
    const ItemHandle handle = place.slot < end ? state.slabs.ChunkAt(page, place.slot) : kNoItem;
    if (handle == kNoItem || !state.slabs.Has(handle)) {
      if (last) {
        place.stage = ExportCursor::Stage::kPassed;
        break;
      }
      place.looked += end - std::min<std::size_t>(place.slot, end);
      ++place.page;
      place.slot = 0;
      continue;
    }
    ++place.slot;
    ++place.looked;
    const Item& item = ItemAt(handle);
    const EvictionNode::Queue queue = item.queue();
    const bool in_main = queue == EvictionNode::kMainQueue;
    const bool on_probation = queue == EvictionNode::kProbationQueue && !place.probation_complete;
    if (in_main || on_probation) found[count++] = {handle, Hash(item.key()), in_main};
  }
  return count;
}

bool Store::VisitFound(const ExportCursor& cursor, const Found& found, UnixSeconds now,
                       ExportVisitor visit) {
  Guard guard(index_, found.hash);
  const Slot slot =
      index_.Find(guard, found.hash, [&](ItemHandle handle) { return handle == found.handle; });
  if (!slot) return false;
  return VisitItem(cursor, ItemAt(found.handle), found.in_main, now, visit);
}

std::size_t Store::VisitBucket(const ExportCursor& cursor, std::size_t bucket, UnixSeconds now,
                               ExportVisitor visit, std::size_t* looked) {
  std::size_t visited = 0;
  ++*looked;
  index_.VisitBucket(bucket, [&](ItemHandle handle) {
    ++*looked;
    if (VisitItem(cursor, ItemAt(handle), /*was_in_main=*/false, now, visit)) ++visited;
  });
  return visited;
}

bool Store::VisitItem(const ExportCursor& cursor, Item& item, bool was_in_main, UnixSeconds now,
                      ExportVisitor visit) {
  const int size_class = ClassOf(item);
  if (!cursor.Wants(size_class) || !IsLive(item, MomentAt(now))) return false;
  const EvictionNode::Queue queue = item.queue();
  ItemEditor editor(this, &item, now, static_cast<std::uint8_t>(size_class));
  visit({.key = item.key(),
         .cas = CasOf(item),
         .client_flags = item.client_flags(),
         .expires_at = item.expires_at(),
         .last_access = now - item.idle_seconds(now),
         .uses = item.uses(),
         .size_class = size_class,
         .in_main = queue == EvictionNode::kMainQueue ||
                    (queue != EvictionNode::kProbationQueue && was_in_main),
         .fetched = item.fetched(),
         .stale = item.stale(),
         .win_sent = item.win_sent()},
        editor);
  return true;
}

StoreResult Store::Import(const ImportedItem& imported, UnixSeconds now) {
  const ExportedItem& from = imported.item;
  if (from.expires_at != kNever && from.expires_at <= now) {
    return {.outcome = StoreOutcome::kNotStored};
  }
  const CasField field = cas_field() == CasField::kNarrow && !Item::FitsNarrow(from.cas, cas_base_)
                             ? CasField::kWide
                             : cas_field();
  PendingItem pending =
      AllocateWith(from.cas == 0 ? cas_field() : field, from.key, Hash(from.key),
                   imported.value.size(), from.client_flags, from.expires_at, now);
  if (!pending) return {.outcome = pending.failure()};
  if (!pending.Fill(0, imported.value, now)) return {.outcome = StoreOutcome::kOutOfMemory};
  Item& item = *pending.item_;
  if (from.fetched) item.NoteUse();
  item.SetUses(std::clamp<int>(from.uses, 0, EvictionNode::kMaxUses));
  item.set_last_access(from.last_access);
  item.set_stale(from.stale);
  item.set_win_sent(from.win_sent);
  const StoreResult result = LinkImported(pending, from, now);
  if (result.outcome == StoreOutcome::kStored) TendIndex();
  return result;
}

StoreResult Store::LinkImported(PendingItem& pending, const ExportedItem& imported,
                                UnixSeconds now) {
  Item& item = *pending.item_;
  Arrival arrival = imported.in_main ? Arrival::kProtected : Arrival::kNew;
  StoreResult stored;
  RemovedItem dropped;
  {
    Guard guard(index_, pending.hash_);
    const Moment moment = MomentAt(now);
    Slot slot;
    Item* const present = FindLive(guard, item.key(), pending.hash_, moment, slot, dropped);
    // Without ids nobody knows which one is newer.
    if (present != nullptr && (!options_.cas || CasOf(*present) >= imported.cas)) {
      return {.outcome = StoreOutcome::kExists, .size_class = ClassOf(*present)};
    }
    if (present != nullptr && present->queue() == EvictionNode::kMainQueue) {
      arrival = Arrival::kProtected;
    }
    if (imported.cas - cas_base_ < kMostAdvance) {
      cas_clock_.AdvancePast(pending.hash_, imported.cas);
    }
    SetCas(item, imported.cas != 0 ? imported.cas : NextCas(pending.hash_));
    item.set_epoch(moment.epoch);
    stored = EnterIndex(guard, slot, pending, dropped);
    if (stored.outcome != StoreOutcome::kStored) return stored;
  }
  Enqueue(item, pending.hash_, arrival, /*is_new=*/true);
  return stored;
}

}  // namespace ringcache::storage

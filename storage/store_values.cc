// How a Store finds room for values: those that lie in several chunks, and how much of the limit
// may be in the hands of clients.

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/store.h"

namespace ringcache::storage {
namespace {

// The part of the limit that items may not take that are pinned or whose values are on their way,
// 1/4.
constexpr std::size_t kNotToBeHeld = 4;

}  // namespace

absl::Span<char> PendingItem::RoomFrom(std::size_t offset, UnixSeconds now) {
  return store_->RoomFrom(*this, offset, now);
}

bool PendingItem::Fill(std::size_t offset, absl::string_view bytes, UnixSeconds now) {
  while (!bytes.empty()) {
    const absl::Span<char> room = RoomFrom(offset, now);
    if (room.empty()) return false;
    const std::size_t part = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), part);
    bytes.remove_prefix(part);
    offset += part;
  }
  return true;
}

bool Store::MayHold(std::size_t bytes, std::size_t own_bytes) const {
  // Relaxed: a sum, which nothing else depends on.
  const std::size_t held = waiting_bytes_.load(std::memory_order_relaxed) + pins_.held_bytes();
  // One alone may have all: it is no larger than half of the limit, unless there are few pages.
  if (held <= own_bytes) return true;
  const std::size_t limit = limit_bytes();
  const std::size_t most = limit - limit / kNotToBeHeld;
  return bytes <= most - std::min(held, most);
}

PinnedItem Store::PinAlways(Item& item) {
  item.set_pinned(true);
  pins_.Add(nodes_.HandleOf(&item), item.total_bytes());
  return PinnedItem(this, &item);
}

absl::Span<char> Store::RoomFrom(PendingItem& pending, std::size_t offset, UnixSeconds now) {
  Item& item = *pending.item_;
  if (item.is_chunked() && offset < item.value_bytes()) {
    const ValueLayout::Place place = layout_.PlaceOf(item, offset);
    const bool missing = place.piece != ValueLayout::kHead && item.piece(place.piece) == kNoItem;
    if (missing && !AddPiece(pending, place, now)) return {};
  }
  return layout_.From(item, offset);
}

bool Store::AddPiece(PendingItem& pending, const ValueLayout::Place& place, UnixSeconds now) {
  const std::size_t bytes = sizeof(ValuePiece) + place.bytes;
  const bool waits = pending.waiting_bytes_ != 0;
  if (waits && !MayHold(bytes, pending.waiting_bytes_)) return false;
  const int size_class = size_classes_.ClassFor(bytes);
  const int largest = size_classes_.count() - 1;
  EvictionNode* chunk = AllocateChunk(size_class, now);
  // Where pages are few, there may be none for the class that suits.
  if (chunk == nullptr && size_class != largest) chunk = AllocateChunk(largest, now);
  if (chunk == nullptr) {
    CountOutOfMemory(size_class);
    return false;
  }
  ValuePiece& piece = static_cast<ValuePiece&>(*chunk);
  piece.hash = pending.hash_;
  piece.SetQueue(EvictionNode::kPiece);
  SizeClassState& state = StateOf(ClassOf(piece));
  state.pieces.fetch_add(1, std::memory_order_relaxed);
  state.item_bytes.fetch_add(bytes, std::memory_order_relaxed);
  pending.item_->set_piece(place.piece, nodes_.HandleOf(chunk));
  if (waits) {
    pending.waiting_bytes_ += bytes;
    waiting_bytes_.fetch_add(bytes, std::memory_order_relaxed);
  }
  return true;
}

bool Store::CopyValue(const Item& from, PendingItem& to, std::size_t offset, UnixSeconds now) {
  for (std::size_t at = 0; at < from.value_bytes();) {
    const absl::string_view part = layout_.From(from, at);
    if (part.empty() || !to.Fill(offset + at, part, now)) return false;
    at += part.size();
  }
  return true;
}

bool Store::Widen(PendingItem& pending, UnixSeconds now) {
  Item& item = *pending.item_;
  PendingItem wide = AllocateWith(CasField::kWide, item.key(), pending.hash_, item.value_bytes(),
                                  item.client_flags(), item.expires_at(), now);
  if (!wide) return false;
  Item& copy = *wide.item_;
  if (item.is_chunked()) {
    std::memcpy(copy.mutable_value().data(), item.value().data(), item.value().size());
    for (std::size_t number = 0; number < item.piece_count(); ++number) {
      copy.set_piece(number, item.piece(number));
      item.set_piece(number, kNoItem);
    }
  } else if (!CopyValue(item, wide, 0, now)) {
    return false;
  }
  copy.set_stale(item.stale());
  copy.set_win_sent(item.win_sent());
  pending = std::move(wide);
  return true;
}

void Store::FreePieces(Item& item) {
  for (std::size_t number = 0; number < item.piece_count(); ++number) {
    const ItemHandle handle = item.piece(number);
    if (handle == kNoItem) continue;
    SizeClassState& state = StateOf(ClassOf(layout_.PieceAt(handle)));
    state.pieces.fetch_sub(1, std::memory_order_relaxed);
    state.item_bytes.fetch_sub(sizeof(ValuePiece) + layout_.PieceBytes(item, number),
                               std::memory_order_relaxed);
    SpinLockHolder hold(state.lock);
    state.slabs.Give(handle);
  }
}

void Store::DrainPiece(SizeClassState& state, ItemHandle handle, UnixSeconds now) {
  ValuePiece& piece = layout_.PieceAt(handle);
  std::uint64_t hash = 0;
  ItemHandle to = kNoItem;
  {
    SpinLockHolder hold(state.lock);
    if (piece.queue() != EvictionNode::kPiece) return;
    hash = piece.hash;
    if (state.slabs.HasFreeChunk()) to = state.slabs.Take();
  }
  RemovedItem dropped;
  bool live = false;
  ItemHandle unneeded = to;
  {
    Guard guard(index_, hash);
    std::size_t number = 0;
    // Not found: its item is pending, or was removed and frees it in a moment.
    const Slot slot = index_.Find(guard, hash, [&](ItemHandle candidate) {
      number = ValueLayout::NumberOf(ItemAt(candidate), handle);
      return number != ValueLayout::kHead;
    });
    Item* const item = slot ? &ItemAt(index_.HandleAt(slot)) : nullptr;
    // What somebody holds would be lost without a gain.
    if (item != nullptr && IsAlone(*item)) {
      live = IsLive(*item, MomentAt(now));
      // Its page may have gone to another class meanwhile, with another piece of this key in it.
      if (live && to != kNoItem && ClassOf(piece) == ClassOf(nodes_[to])) {
        layout_.PieceAt(to).CopyFrom(piece, layout_.PieceBytes(*item, number));
        item->set_piece(number, to);
        unneeded = handle;
        items_relocated_.fetch_add(1, std::memory_order_relaxed);
      } else if (!live || options_.evict) {
        dropped = Unlink(guard, slot);
      }
    }
  }
  if (unneeded != kNoItem) {
    SpinLockHolder hold(state.lock);
    state.slabs.Give(unneeded);
  }
  if (dropped.item_ != nullptr) {
    SizeClassState& owner = StateOf(ClassOf(*dropped.item_));
    SpinLockHolder hold(owner.lock);
    CountVictim(owner, *dropped.item_, live, now);
  }
}

std::string Store::ProblemsOfPieces(const Item& item) const {
  std::string problems;
  for (std::size_t number = 0; number < item.piece_count(); ++number) {
    const ItemHandle handle = item.piece(number);
    if (handle == kNoItem) {
      absl::StrAppend(&problems, "a piece of a value is missing; ");
    } else if (layout_.PieceAt(handle).queue() != EvictionNode::kPiece ||
               layout_.PieceAt(handle).hash != Hash(item.key())) {
      absl::StrAppend(&problems, "a piece of a value is not this item's; ");
    }
  }
  return problems;
}

}  // namespace ringcache::storage

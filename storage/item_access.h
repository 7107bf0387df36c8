// Handles on items: pinned in place, being written, or being looked at under the key's lock.
//
// Thread safety: each handle belongs to one thread at a time.

#ifndef RINGCACHE_STORAGE_ITEM_ACCESS_H_
#define RINGCACHE_STORAGE_ITEM_ACCESS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/item.h"
#include "storage/store_types.h"

namespace ringcache::storage {

class Store;

// Keeps an item's bytes in place and unchanged, also after it was deleted, replaced or evicted.
// Movable. May be released on any thread; must not outlive the store.
class PinnedItem {
 public:
  PinnedItem() = default;
  PinnedItem(PinnedItem&& other) noexcept { *this = std::move(other); }
  PinnedItem& operator=(PinnedItem&& other) noexcept;
  ~PinnedItem() { Release(); }

  explicit operator bool() const { return item_ != nullptr; }
  const Item& operator*() const { return *item_; }
  const Item* operator->() const { return item_; }
  // What lies in one piece from `offset` on; empty at the end of the value.
  absl::string_view ValueFrom(std::size_t offset) const;
  // The whole value, however many pieces it lies in.
  std::string CopyValue() const;
  void Release();

 private:
  friend class Store;
  friend class ItemEditor;
  PinnedItem(Store* store, Item* item) : store_(store), item_(item) {}
  Store* store_ = nullptr;
  Item* item_ = nullptr;
};

// An item that is allocated but not visible: the caller fills its value, then commits it, or drops
// it. Movable. Must not outlive the store.
class PendingItem {
 public:
  PendingItem() = default;
  PendingItem(PendingItem&& other) noexcept { *this = std::move(other); }
  PendingItem& operator=(PendingItem&& other) noexcept;
  ~PendingItem() { Drop(); }

  // False after a failed Allocate; failure() then says why.
  explicit operator bool() const { return item_ != nullptr; }
  StoreOutcome failure() const { return failure_; }
  const Item& item() const { return *item_; }
  std::size_t value_bytes() const { return item_->value_bytes(); }
  // Room for the value's bytes from `offset` on, as far as it lies in one piece. Memory for a value
  // that takes several chunks is found here, when its turn comes. Empty: there is none, or the
  // value ends here.
  absl::Span<char> RoomFrom(std::size_t offset, UnixSeconds now);
  // Copies `bytes` to `offset`. False: there is no memory.
  bool Fill(std::size_t offset, absl::string_view bytes, UnixSeconds now);

 private:
  friend class Store;
  void Drop();
  // It belongs to the index now.
  void Forget();
  Store* store_ = nullptr;
  Item* item_ = nullptr;
  std::uint64_t hash_ = 0;
  std::size_t waiting_bytes_ = 0;  // its part of the store's
  StoreOutcome failure_ = StoreOutcome::kStored;
};

// An item that was taken out of the index under a lock, to be let go when the lock is, too.
// Movable.
class RemovedItem {
 public:
  RemovedItem() = default;
  RemovedItem(RemovedItem&& other) noexcept { *this = std::move(other); }
  RemovedItem& operator=(RemovedItem&& other) noexcept;
  ~RemovedItem();

 private:
  friend class Store;
  RemovedItem(Store* store, Item* item) : store_(store), item_(item) {}
  Store* store_ = nullptr;
  Item* item_ = nullptr;
};

// The present item, for Access: read it, and change what may be changed in place.
class ItemEditor {
 public:
  const Item& item() const { return *item_; }
  std::uint64_t cas() const;
  std::uint8_t size_class() const { return size_class_; }
  // As PinnedItem's.
  absl::string_view ValueFrom(std::size_t offset) const;
  std::string CopyValue() const;
  // Keeps the bytes beyond the visitor. Empty if others hold so much that there is no more to hold:
  // all that is pinned or pending may take three quarters of the limit.
  PinnedItem Pin() const;
  // Counts a use for eviction, and remembers the time.
  void NoteUse() {
    item_->NoteUse();
    item_->set_last_access(now_);
  }
  void SetExpiresAt(UnixSeconds at) { item_->set_expires_at(at); }
  void SetStale(bool on) { item_->set_stale(on); }
  void SetWinSent(bool on) { item_->set_win_sent(on); }

 private:
  friend class Store;
  ItemEditor(Store* store, Item* item, UnixSeconds now, std::uint8_t size_class)
      : store_(store), item_(item), now_(now), size_class_(size_class) {}
  Store* store_;
  Item* item_;
  UnixSeconds now_;
  std::uint8_t size_class_;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_ITEM_ACCESS_H_

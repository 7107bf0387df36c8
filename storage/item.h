// The layout of an item in memory, and the one rule that decides whether it is live.
//
//   0     1     2      4         8             12                16       20
//   ┌─────┬─────┬──────┬─────────┬─────────────┬─────────────────┬────────┬────────┬─────┬───────┐
//   │usage│queue│ CAS  │ expires │ last access │ value bytes,    │ CAS    │ flags? │ key │ value │
//   │     │     │ high │   at    │ key bytes   │ flush count, ...│ low?   │        │     │       │
//   └─────┴─────┴──────┴─────────┴─────────────┴─────────────────┴────────┴────────┴─────┴───────┘
//
// CAS ids take 6 bytes, as a distance from the store's base; an id that a client chose beyond that
// range takes the 8 bytes after the header instead ("wide"). Of a chunked item (value_layout.h) the
// key is followed by a directory of its pieces and by the first part of the value.
//
// Thread safety: see each accessor; the store's locks guard what is not atomic.

#ifndef RINGCACHE_STORAGE_ITEM_H_
#define RINGCACHE_STORAGE_ITEM_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/eviction/eviction_node.h"

namespace ringcache::storage {

// Wall clock, in seconds since 1970, as given by the caller of each operation.
using UnixSeconds = std::uint32_t;
inline constexpr UnixSeconds kNever = 0;

inline constexpr std::size_t kMaxKeyBytes = 255;
// How an item keeps its CAS id.
enum class CasField : std::uint8_t { kNone, kNarrow, kWide };

class Item : public EvictionNode {
 public:
  static constexpr std::size_t kHeaderBytes = 16;
  static constexpr std::uint64_t kNarrowCasLimit = std::uint64_t{1} << 48;

  static constexpr std::size_t CasBytes(CasField field) {
    switch (field) {
      case CasField::kNone:
        return 0;
      case CasField::kNarrow:
        return 4;
      case CasField::kWide:
        return 8;
    }
    return 0;
  }
  static constexpr std::size_t TotalBytes(std::size_t key_bytes, std::size_t value_bytes,
                                          CasField cas_field, bool has_client_flags) {
    return kHeaderBytes + CasBytes(cas_field) + (has_client_flags ? sizeof(std::uint32_t) : 0) +
           key_bytes + value_bytes;
  }

  // Immutable once the item is linked.
  absl::string_view key() const { return {data() + KeyOffset(), key_bytes()}; }
  std::size_t key_bytes() const { return access_and_key() & 0xff; }
  CasField cas_field() const { return static_cast<CasField>(layout() >> kCasFieldShift & 3); }
  // Length and bytes may change under the key's lock (Overwrite, arithmetic in place), unless the
  // item is pinned.
  std::size_t value_bytes() const { return is_chunked() ? DirectoryWord(0) : inner_bytes(); }
  // Of a chunked item, the first part. ValueLayout knows the others.
  absl::string_view value() const { return {inner() + directory_bytes(), head_bytes()}; }
  absl::Span<char> mutable_value() { return {inner() + directory_bytes(), head_bytes()}; }
  // Header, key and value.
  std::size_t total_bytes() const {
    return kHeaderBytes + KeyOffset() + key_bytes() + value_bytes();
  }
  // What the item takes of its own chunk: all but for a chunked item.
  std::size_t bytes_in_chunk() const {
    return kHeaderBytes + KeyOffset() + key_bytes() + inner_bytes();
  }

  // The value goes on in other chunks.
  bool is_chunked() const { return (word() & kChunked) != 0; }
  static constexpr std::size_t DirectoryBytes(std::size_t pieces) {
    return 2 * sizeof(std::uint32_t) + pieces * sizeof(ItemHandle);
  }
  // Written before the item is linked, then under the key's lock; never while it is pinned.
  // REQUIRES (all three): is_chunked(), and number < piece_count().
  std::size_t piece_count() const { return DirectoryWord(1); }
  ItemHandle piece(std::size_t number) const { return DirectoryWord(2 + number); }
  void set_piece(std::size_t number, ItemHandle handle) { SetDirectoryWord(2 + number, handle); }

  std::uint32_t client_flags() const {
    if (!has_client_flags()) return 0;
    std::uint32_t flags;
    std::memcpy(&flags, data() + CasBytes(cas_field()), sizeof(flags));
    return flags;
  }

  // Read and written under the key's lock. `base` is the store's. What cannot be kept is left out:
  // see CanKeepCas.
  std::uint64_t cas(std::uint64_t base) const {
    switch (cas_field()) {
      case CasField::kNone:
        return 0;
      case CasField::kNarrow: {
        std::uint32_t low;
        std::memcpy(&low, data(), sizeof(low));
        return base + (std::uint64_t{cas_high_} << 32 | low);
      }
      case CasField::kWide: {
        std::uint64_t cas;
        std::memcpy(&cas, data(), sizeof(cas));
        return cas;
      }
    }
    return 0;
  }
  static bool FitsNarrow(std::uint64_t cas, std::uint64_t base) {
    return cas - base < kNarrowCasLimit;
  }
  bool CanKeepCas(std::uint64_t cas, std::uint64_t base) const {
    return cas_field() != CasField::kNarrow || FitsNarrow(cas, base);
  }
  // REQUIRES: CanKeepCas(cas, base).
  void set_cas(std::uint64_t cas, std::uint64_t base) {
    switch (cas_field()) {
      case CasField::kNone:
        return;
      case CasField::kNarrow: {
        const std::uint64_t distance = cas - base;
        const auto low = static_cast<std::uint32_t>(distance);
        cas_high_ = static_cast<std::uint16_t>(distance >> 32);
        std::memcpy(data(), &low, sizeof(low));
        return;
      }
      case CasField::kWide:
        std::memcpy(data(), &cas, sizeof(cas));
        return;
    }
  }
  bool stale() const { return (word() & kStale) != 0; }
  void set_stale(bool on) { SetBit(kStale, on); }
  bool win_sent() const { return (word() & kWinSent) != 0; }
  void set_win_sent(bool on) { SetBit(kWinSent, on); }
  // Somebody holds the item, or did: the store's PinTable knows.
  bool pinned() const { return (word() & kPinned) != 0; }
  void set_pinned(bool on) { SetBit(kPinned, on); }

  // Written under the key's lock; relaxed atomics because an evictor reads them under the class's
  // lock and tolerates either value.
  UnixSeconds expires_at() const { return expires_at_.load(std::memory_order_relaxed); }
  void set_expires_at(UnixSeconds at) { expires_at_.store(at, std::memory_order_relaxed); }
  // Seconds since the last access. After about five months without one it starts again from 0.
  UnixSeconds idle_seconds(UnixSeconds now) const {
    const UnixSeconds idle = (now - (access_and_key() >> 8)) & kAccessMask;
    // Little less than a full round: the clock was set back.
    return idle > kAccessMask - kMostSetBack ? 0 : idle;
  }
  void set_last_access(UnixSeconds at) {
    const std::uint32_t before = access_and_key();
    const std::uint32_t after = (at & kAccessMask) << 8 | (before & 0xff);
    if (after != before) access_and_key_.store(after, std::memory_order_relaxed);
  }
  // The store's flush count when the item was linked.
  std::uint8_t epoch() const { return static_cast<std::uint8_t>(word() >> kEpochShift); }
  void set_epoch(std::uint8_t epoch) {
    word_.store((word() & ~(0xffu << kEpochShift)) | std::uint32_t{epoch} << kEpochShift,
                std::memory_order_relaxed);
  }

  // Starts an item's life in a chunk; the caller fills the value. REQUIRES: the chunk has
  // TotalBytes(...), key within kMaxKeyBytes.
  void Initialize(absl::string_view key, std::size_t value_bytes, CasField cas_field,
                  std::uint32_t client_flags, UnixSeconds expires_at, UnixSeconds now) {
    const int layout =
        static_cast<int>(cas_field) << kCasFieldShift | (client_flags != 0 ? kHasClientFlags : 0);
    usage.store(static_cast<std::uint8_t>(layout), std::memory_order_relaxed);
    SetQueue(kNoQueue);
    cas_high_ = 0;
    set_expires_at(expires_at);
    access_and_key_.store((now & kAccessMask) << 8 | static_cast<std::uint32_t>(key.size()),
                          std::memory_order_relaxed);
    word_.store(static_cast<std::uint32_t>(value_bytes), std::memory_order_relaxed);
    std::memset(data(), 0, CasBytes(cas_field));
    if (client_flags != 0) {
      std::memcpy(data() + CasBytes(cas_field), &client_flags, sizeof(client_flags));
    }
    std::memcpy(data() + KeyOffset(), key.data(), key.size());
  }
  // The same for a value of which only the first `head_bytes` lie in this chunk. No piece is known
  // yet. REQUIRES: the chunk has room for these and for DirectoryBytes(pieces) instead of the
  // value.
  void InitializeChunked(absl::string_view key, std::uint32_t value_bytes, std::size_t head_bytes,
                         std::size_t pieces, CasField cas_field, std::uint32_t client_flags,
                         UnixSeconds expires_at, UnixSeconds now) {
    const std::size_t inner_bytes = DirectoryBytes(pieces) + head_bytes;
    Initialize(key, inner_bytes, cas_field, client_flags, expires_at, now);
    SetBit(kChunked, true);
    std::memset(inner(), 0, DirectoryBytes(pieces));
    SetDirectoryWord(0, value_bytes);
    SetDirectoryWord(1, static_cast<std::uint32_t>(pieces));
  }

  // Becomes a copy of an item. REQUIRES: the locks of both keys, or that others know neither; the
  // chunk is large enough. The queue stays as it is.
  void CopyFrom(const Item& other) {
    usage.store(other.usage.load(std::memory_order_relaxed), std::memory_order_relaxed);
    std::memcpy(reinterpret_cast<char*>(this) + sizeof(EvictionNode),
                reinterpret_cast<const char*>(&other) + sizeof(EvictionNode),
                other.bytes_in_chunk() - sizeof(EvictionNode));
  }

  // Gives the item another value, as if it were new, but in its place. REQUIRES: the key's lock, no
  // pin, not chunked, room in the chunk, client flags if and only if there are some already.
  void Overwrite(absl::string_view value, std::uint32_t client_flags, UnixSeconds expires_at,
                 UnixSeconds now) {
    NoteUse(kNotFetched);
    ForgetFetch();
    set_expires_at(expires_at);
    set_last_access(now);
    word_.store(
        (word() & ~(kValueMask | kStale | kWinSent)) | static_cast<std::uint32_t>(value.size()),
        std::memory_order_relaxed);
    if (client_flags != 0) {
      std::memcpy(data() + KeyOffset() - sizeof(client_flags), &client_flags, sizeof(client_flags));
    }
    std::memcpy(mutable_value().data(), value.data(), value.size());
  }

 private:
  // The owner's bits of `usage`: the layout.
  static constexpr int kHasClientFlags = 1 << 3;
  static constexpr int kCasFieldShift = 4;
  static_assert((kHasClientFlags | 3 << kCasFieldShift | kOwnerBits) == kOwnerBits);
  // Bits of word_.
  static constexpr std::uint32_t kValueMask = (1u << 20) - 1;
  static constexpr int kEpochShift = 20;
  static constexpr std::uint32_t kStale = 1u << 28;    // outdated, but may be served meanwhile
  static constexpr std::uint32_t kWinSent = 1u << 29;  // a client was told to recompute the value
  static constexpr std::uint32_t kPinned = 1u << 30;
  static constexpr std::uint32_t kChunked = 1u << 31;
  static constexpr std::uint32_t kAccessMask = (1u << 24) - 1;
  static constexpr UnixSeconds kMostSetBack = 30 * 24 * 3600;

  char* data() { return reinterpret_cast<char*>(this) + kHeaderBytes; }
  const char* data() const { return reinterpret_cast<const char*>(this) + kHeaderBytes; }
  std::uint8_t layout() const { return usage.load(std::memory_order_relaxed); }
  bool has_client_flags() const { return (layout() & kHasClientFlags) != 0; }
  // Relaxed: an evictor reads the length of the key, which never changes, and the time as it is.
  std::uint32_t access_and_key() const { return access_and_key_.load(std::memory_order_relaxed); }
  // Relaxed: written under the key's lock; an evictor reads it for its accounts (see
  // Store::PutInPlace).
  std::uint32_t word() const { return word_.load(std::memory_order_relaxed); }
  std::size_t KeyOffset() const {
    return CasBytes(cas_field()) + (has_client_flags() ? sizeof(std::uint32_t) : 0);
  }
  // What lies behind the key: the value, or a directory and the first part of it.
  char* inner() { return data() + KeyOffset() + key_bytes(); }
  const char* inner() const { return data() + KeyOffset() + key_bytes(); }
  std::size_t inner_bytes() const { return word() & kValueMask; }
  std::size_t directory_bytes() const { return is_chunked() ? DirectoryBytes(piece_count()) : 0; }
  std::size_t head_bytes() const { return inner_bytes() - directory_bytes(); }
  // The directory: bytes of the whole value, number of pieces, their handles. Not aligned.
  std::uint32_t DirectoryWord(std::size_t number) const {
    std::uint32_t word;
    std::memcpy(&word, inner() + number * sizeof(word), sizeof(word));
    return word;
  }
  void SetDirectoryWord(std::size_t number, std::uint32_t word) {
    std::memcpy(inner() + number * sizeof(word), &word, sizeof(word));
  }
  void SetBit(std::uint32_t bit, bool on) {
    const std::uint32_t before = word();
    word_.store(on ? before | bit : before & ~bit, std::memory_order_relaxed);
  }

  std::uint16_t cas_high_;
  std::atomic<UnixSeconds> expires_at_;
  std::atomic<std::uint32_t> access_and_key_;  // last access modulo 2^24 above, key bytes below
  std::atomic<std::uint32_t> word_;            // bytes behind the key, flush count, state
};
static_assert(sizeof(Item) == Item::kHeaderBytes);

// The clock as an operation sees it: the caller's time and the store's flush count.
struct Moment {
  UnixSeconds now = 0;
  std::uint8_t epoch = 0;
};

enum class Liveness : std::uint8_t { kLive, kExpired, kFlushed };

// The one decision on expiry and flush.
inline Liveness LivenessOf(const Item& item, Moment moment) {
  if (item.epoch() != moment.epoch) return Liveness::kFlushed;
  const UnixSeconds expires_at = item.expires_at();
  return expires_at != kNever && expires_at <= moment.now ? Liveness::kExpired : Liveness::kLive;
}
inline bool IsLive(const Item& item, Moment moment) {
  return LivenessOf(item, moment) == Liveness::kLive;
}

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_ITEM_H_

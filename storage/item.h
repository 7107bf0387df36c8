// The layout of an item in memory, and the one rule that decides whether it is live.
//
//   0       8      10    12        16          20       24     25     26
//   ┌───────┬──────┬─────┬─────────┬───────────┬────────┬──────┬──────┬─────┬───────┬─────┬───────┐
//   │ links │ queue│refs │ expires │last access│lengths │fields│ epoch│ cas?│ flags?│ key │ value │
//   │       │ usage│     │   at    │           │        │      │      │     │       │     │       │
//   └───────┴──────┴─────┴─────────┴───────────┴────────┴──────┴──────┴─────┴───────┴─────┴───────┘
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
#include "storage/eviction_node.h"

namespace ringcache::storage {

// Wall clock, in seconds since 1970, as given by the caller of each operation.
using UnixSeconds = std::uint32_t;
inline constexpr UnixSeconds kNever = 0;

inline constexpr std::size_t kMaxKeyBytes = 255;
inline constexpr std::size_t kMaxValueBytes = (std::size_t{1} << 24) - 1;

class Item : public EvictionNode {
 public:
  // Bits of the fields byte: which optional fields follow the header, and state.
  enum Field : std::uint8_t {
    kHasCas = 1 << 0,
    kHasClientFlags = 1 << 1,
    // The value is outdated but may be served while one client recomputes it.
    kStale = 1 << 2,
    // A client has been told to recompute the value.
    kWinSent = 1 << 3,
  };
  static constexpr std::size_t kHeaderBytes = 26;

  static constexpr std::size_t TotalBytes(std::size_t key_bytes, std::size_t value_bytes,
                                          bool has_cas, bool has_client_flags) {
    return kHeaderBytes + (has_cas ? sizeof(std::uint64_t) : 0) +
           (has_client_flags ? sizeof(std::uint32_t) : 0) + key_bytes + value_bytes;
  }

  // Immutable once the item is linked.
  absl::string_view key() const { return {data() + KeyOffset(), key_bytes()}; }
  std::size_t key_bytes() const { return lengths() & 0xff; }
  // Length and bytes may change under the key's lock (Overwrite, arithmetic in place), unless the
  // item is pinned.
  std::size_t value_bytes() const { return lengths() >> 8; }
  absl::string_view value() const { return {data() + KeyOffset() + key_bytes(), value_bytes()}; }
  absl::Span<char> mutable_value() { return {data() + KeyOffset() + key_bytes(), value_bytes()}; }
  std::size_t total_bytes() const {
    return kHeaderBytes + KeyOffset() + key_bytes() + value_bytes();
  }
  std::uint32_t client_flags() const {
    const std::uint8_t fields = this->fields();
    if ((fields & kHasClientFlags) == 0) return 0;
    std::uint32_t flags;
    std::memcpy(&flags, data() + ((fields & kHasCas) ? sizeof(std::uint64_t) : 0), sizeof(flags));
    return flags;
  }

  // Read and written under the key's lock.
  std::uint64_t cas() const {
    if ((fields() & kHasCas) == 0) return 0;
    std::uint64_t cas;
    std::memcpy(&cas, data(), sizeof(cas));
    return cas;
  }
  void set_cas(std::uint64_t cas) {
    if (fields() & kHasCas) std::memcpy(data(), &cas, sizeof(cas));
  }
  bool stale() const { return (fields() & kStale) != 0; }
  void set_stale(bool on) { SetField(kStale, on); }
  bool win_sent() const { return (fields() & kWinSent) != 0; }
  void set_win_sent(bool on) { SetField(kWinSent, on); }

  // Written under the key's lock; relaxed atomics because an evictor reads them under the class's
  // lock and tolerates either value.
  UnixSeconds expires_at() const { return expires_at_.load(std::memory_order_relaxed); }
  void set_expires_at(UnixSeconds at) { expires_at_.store(at, std::memory_order_relaxed); }
  UnixSeconds last_access() const { return last_access_.load(std::memory_order_relaxed); }
  void set_last_access(UnixSeconds at) {
    if (last_access() != at) last_access_.store(at, std::memory_order_relaxed);
  }
  // The store's flush count when the item was linked.
  std::uint8_t epoch() const { return epoch_.load(std::memory_order_relaxed); }
  void set_epoch(std::uint8_t epoch) { epoch_.store(epoch, std::memory_order_relaxed); }

  // Who holds the item: the index (1), each pin, a writer that is linking it. The chunk is freed by
  // whoever drops the last.
  std::atomic<std::uint16_t>& references() { return references_; }
  const std::atomic<std::uint16_t>& references() const { return references_; }

  // Starts an item's life in a chunk; the caller fills the value. REQUIRES: the chunk has
  // TotalBytes(...), key within kMaxKeyBytes, value within kMaxValueBytes.
  void Initialize(absl::string_view key, std::size_t value_bytes, bool has_cas,
                  std::uint32_t client_flags, UnixSeconds expires_at, UnixSeconds now) {
    next = previous = kNoItem;
    queue.store(kNoQueue, std::memory_order_relaxed);
    usage.store(0, std::memory_order_relaxed);
    references_.store(1, std::memory_order_relaxed);
    set_expires_at(expires_at);
    last_access_.store(now, std::memory_order_relaxed);
    lengths_.store(static_cast<std::uint32_t>(key.size() | value_bytes << 8),
                   std::memory_order_relaxed);
    const int fields = (has_cas ? kHasCas : 0) | (client_flags != 0 ? kHasClientFlags : 0);
    fields_.store(static_cast<std::uint8_t>(fields), std::memory_order_relaxed);
    set_epoch(0);
    set_cas(0);
    if (client_flags != 0) {
      std::memcpy(data() + (has_cas ? sizeof(std::uint64_t) : 0), &client_flags,
                  sizeof(client_flags));
    }
    std::memcpy(data() + KeyOffset(), key.data(), key.size());
  }

  // Gives the item another value, as if it were new, but in its place. REQUIRES: the key's lock, no
  // pin, room in the chunk, client flags if and only if there are some already.
  void Overwrite(absl::string_view value, std::uint32_t client_flags, UnixSeconds expires_at,
                 UnixSeconds now) {
    NoteUse(kNotFetched);
    ForgetFetch();
    set_expires_at(expires_at);
    set_last_access(now);
    lengths_.store(static_cast<std::uint32_t>(key_bytes() | value.size() << 8),
                   std::memory_order_relaxed);
    set_stale(false);
    set_win_sent(false);
    if (client_flags != 0) {
      std::memcpy(data() + KeyOffset() - sizeof(client_flags), &client_flags, sizeof(client_flags));
    }
    std::memcpy(mutable_value().data(), value.data(), value.size());
  }

 private:
  char* data() { return reinterpret_cast<char*>(this) + kHeaderBytes; }
  const char* data() const { return reinterpret_cast<const char*>(this) + kHeaderBytes; }
  // Relaxed: a pin's holder and an evictor read the layout's bits, which never change, while the
  // key's lock guards the bits of state.
  std::uint8_t fields() const { return fields_.load(std::memory_order_relaxed); }
  // Relaxed: an evictor reads the length of the key, which never changes, and for its accounts that
  // of the value (see Store::PutInPlace).
  std::uint32_t lengths() const { return lengths_.load(std::memory_order_relaxed); }
  std::size_t KeyOffset() const {
    const std::uint8_t fields = this->fields();
    return ((fields & kHasCas) ? sizeof(std::uint64_t) : 0) +
           ((fields & kHasClientFlags) ? sizeof(std::uint32_t) : 0);
  }
  void SetField(Field field, bool on) {
    const int fields = on ? this->fields() | field : this->fields() & ~field;
    fields_.store(static_cast<std::uint8_t>(fields), std::memory_order_relaxed);
  }

  std::atomic<std::uint16_t> references_;
  std::atomic<UnixSeconds> expires_at_;
  std::atomic<UnixSeconds> last_access_;
  std::atomic<std::uint32_t> lengths_;  // key bytes in the low 8 bits, value bytes above
  std::atomic<std::uint8_t> fields_;
  std::atomic<std::uint8_t> epoch_;
};
static_assert(sizeof(EvictionNode) == 12);
static_assert(sizeof(Item) == 28, "kHeaderBytes counts up to epoch_, two bytes of padding follow");

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

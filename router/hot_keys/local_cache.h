// One worker's copies of the values of its hottest keys, for gets to be answered without a member.
//
// Thread safety: belongs to the worker.

#ifndef RINGCACHE_ROUTER_HOT_KEYS_LOCAL_CACHE_H_
#define RINGCACHE_ROUTER_HOT_KEYS_LOCAL_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "client/outgoing_value.h"
#include "router/hot_keys/local_cache_options.h"

namespace ringcache::router {

// A copy is used until `ttl` after its get was *sent*: what other workers, routers and clients
// write, and what expires or is evicted, is seen after `ttl` at most. A change through this worker
// drops the copy when it is read and once more when its reply has come, and what gets that were
// sent before either bring is not kept. A change that times out may still happen at its member,
// and is then seen as another router's is; so is one that a route carries out after its reply, or
// under another key.
class LocalCache {
 public:
  // Longer replies are not kept, whatever room there is.
  static constexpr std::size_t kMaxReplyBytes = std::size_t{64} << 10;

  // What a request on its way has to do with the cache when its reply comes.
  struct Ticket {
    enum class Kind : std::uint8_t { kNone, kRead, kWrite };

    explicit operator bool() const { return kind != Kind::kNone; }

    Kind kind = Kind::kNone;
    std::uint32_t slot = 0;     // kRead
    std::uint64_t version = 0;  // kRead: of the slot; kWrite: the key's hash
    absl::Duration expires;     // kRead
  };

  // REQUIRES: options.Validate().ok().
  explicit LocalCache(const LocalCacheOptions& options);
  LocalCache(const LocalCache&) = delete;
  LocalCache& operator=(const LocalCache&) = delete;

  // If not, nothing else is to be called.
  bool enabled() const { return options_.ttl > absl::ZeroDuration(); }

  // From now on these keys may have copies, the first `max_keys` of them, and no others. Drops
  // copies that are too old.
  void Admit(absl::Span<const absl::string_view> keys, absl::Duration now);

  // The reply to `get <key>` up to its END, shared with the cache. If there is none its owner is
  // null, and `*ticket` says whether the member's reply is to be kept.
  client::OutgoingValue Find(absl::string_view key, absl::Duration now, Ticket* ticket) const;
  // The same with the END.
  client::OutgoingValue FindWithEnd(absl::string_view key, absl::Duration now,
                                    Ticket* ticket) const;
  // The reply to the get with this ticket was found: VALUE, data block and "\r\n", in three pieces.
  void Keep(const Ticket& ticket, absl::string_view head, absl::string_view value,
            absl::string_view tail);

  // A request that may change the key's item is about to be sent; the ticket is for its end.
  Ticket BeginWrite(absl::string_view key);
  // It has been replied to, or failed.
  void EndWrite(const Ticket& ticket) { DropSlotOf(ticket.version); }

  // All items may have changed, or keys have other routes. What is under way is not kept.
  void DropAll();

  std::size_t keys() const { return by_hash_.size(); }
  // Of all copies.
  std::size_t bytes() const { return bytes_; }

 private:
  struct Slot {
    std::string key;
    // Grows with each change of the key or of the slot's use, and is never used twice.
    std::uint64_t version = 0;
    absl::Duration expires;
    std::shared_ptr<const std::string> reply;  // with its END; null: none
  };

  const Slot* SlotOf(absl::string_view key, absl::Duration now, Ticket* ticket) const;
  void DropSlotOf(std::uint64_t hash);
  void DropReply(Slot* slot);
  void Release(std::uint32_t slot);

  const LocalCacheOptions options_;
  std::uint64_t last_version_ = 0;
  std::size_t bytes_ = 0;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  absl::flat_hash_map<std::uint64_t, std::uint32_t> by_hash_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_HOT_KEYS_LOCAL_CACHE_H_

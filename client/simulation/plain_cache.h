// What memcached answers, executed on a map: a model for tests, plain and slow. It has no memory
// limit, evicts nothing, and serves the commands of one key or several keys, classic and meta, as
// well as version, stats (a few counts), flush_all (at once) and verbosity.
//
// Thread safety: none. Time is an argument.

#ifndef RINGCACHE_CLIENT_SIMULATION_PLAIN_CACHE_H_
#define RINGCACHE_CLIENT_SIMULATION_PLAIN_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "protocol/request.h"
#include "protocol/standard_reply.h"

namespace ringcache::client {

class PlainCache {
 public:
  struct Item {
    std::string value;
    std::uint32_t flags = 0;
    std::uint64_t cas = 0;
    absl::Time expires = absl::InfiniteFuture();
    absl::Time last_access = absl::InfinitePast();
    bool fetched = false;
    bool stale = false;
    bool win_sent = false;
  };

  // The reply, with its "\r\n"; empty if a quiet request hides it. `value` is the data block of a
  // request that has one. Not for quit.
  std::string Execute(const protocol::Request& request, absl::string_view value, absl::Time now);

  // Null if there is none, or it has expired.
  const Item* Find(absl::string_view key, absl::Time now) { return FindLive(key, now); }
  std::size_t size() const { return items_.size(); }
  void Clear() { items_.clear(); }

 private:
  enum class Stored : std::uint8_t { kStored, kNotStored, kExists, kNotFound };
  // What may stand in the way of a change, and how it is made.
  struct Change {
    std::optional<std::uint64_t> compare_cas;
    bool accept_older_cas = false;
    std::optional<std::uint64_t> new_cas;
  };
  static Change ChangeOf(const protocol::Request& request);

  std::string Retrieve(const protocol::Request& request);
  std::string StoreClassic(const protocol::Request& request, absl::string_view value);
  std::string Arithmetic(const protocol::Request& request);
  std::string Touch(const protocol::Request& request);
  std::string Stats() const;
  std::string MetaGet(const protocol::Request& request);
  std::string MetaSet(const protocol::Request& request, absl::string_view value);
  std::string MetaDelete(const protocol::Request& request);
  std::string MetaArithmetic(const protocol::Request& request);
  std::string MetaDebug(const protocol::Request& request);

  Item* FindLive(absl::string_view key, absl::Time now);
  Stored Store(protocol::MetaSetMode mode, absl::string_view value, std::uint32_t flags,
               std::int64_t exptime_s, const Change& change);
  // Why the item may not be changed, or kStored.
  static Stored Check(const Item* item, const Change& change);
  // False if its value is no number.
  bool Count(Item* item, bool decrement, std::uint64_t delta, const Change& change);
  std::string MetaHit(const protocol::Request& request, Item* item, bool created) const;
  std::string MetaReply(const protocol::Request& request, protocol::ReplyKind kind,
                        const Item* item, bool with_value) const;
  void Renew(Item* item, const Change& change);
  absl::Time Expiry(std::int64_t exptime_s) const;
  std::int64_t TimeToLive(const Item& item) const;

  std::map<std::string, Item, std::less<>> items_;
  std::uint64_t last_cas_ = 0;
  // Of the request that is executed.
  absl::Time now_;
  std::string key_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_SIMULATION_PLAIN_CACHE_H_

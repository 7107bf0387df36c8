// Who hears of items that a store gave up to make room. A store with no listener pays one load per
// eviction for it.
//
// Thread safety: called from any thread that uses the store, by several at a time, possibly under a
// lock of the store: be short, do not call the store.

#ifndef RINGCACHE_STORAGE_STORE_LISTENER_H_
#define RINGCACHE_STORAGE_STORE_LISTENER_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "storage/item.h"

namespace ringcache::storage {

// An item that is about to go. The key is valid during the call.
struct Evicted {
  absl::string_view key;
  std::size_t value_bytes = 0;
  UnixSeconds expires_at = kNever;
  UnixSeconds idle_seconds = 0;  // since it was last read or stored
  UnixSeconds now = 0;
  std::uint8_t size_class = 0;
  bool fetched = false;  // it was read since it was stored
};

class StoreListener {
 public:
  virtual ~StoreListener() = default;
  virtual void OnEviction(const Evicted& item) = 0;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_STORE_LISTENER_H_

// Turns the store's evictions into events for watchers.
//
// Thread safety: any thread.

#ifndef RINGCACHE_SERVER_EVICTION_EVENTS_H_
#define RINGCACHE_SERVER_EVICTION_EVENTS_H_

#include <cstdint>

#include "server/event_log.h"
#include "storage/store_listener.h"

namespace ringcache::server {

class EvictionEvents final : public storage::StoreListener {
 public:
  // The log outlives it.
  explicit EvictionEvents(EventLog* log) : log_(*log) {}

  void OnEviction(const storage::Evicted& item) override {
    if (!log_.Wants(kEvictions)) return;
    Event event;
    event.kind = EventKind::kEviction;
    event.fetched = item.fetched;
    event.ttl_s = item.expires_at == storage::kNever
                      ? -1
                      : std::int64_t{item.expires_at} - std::int64_t{item.now};
    event.last_access_s = std::int64_t{item.idle_seconds};
    event.size_class = std::uint32_t{item.size_class} + 1;  // memcached counts from 1
    event.value_bytes = item.value_bytes;
    log_.Write(event, item.key);
  }

 private:
  EventLog& log_;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_EVICTION_EVENTS_H_

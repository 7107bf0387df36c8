// What one worker knows of its hottest keys, and what it keeps of them: joins the sketch with the
// cache, and sees to both from time to time.
//
// Ownership: the loop outlives this.
// Thread safety: belongs to the worker; Rates() may be called from any thread.

#ifndef RINGCACHE_ROUTER_HOT_KEYS_WORKER_HOT_KEYS_H_
#define RINGCACHE_ROUTER_HOT_KEYS_WORKER_HOT_KEYS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "metrics/hot_key_sketch.h"
#include "net/event_loop.h"
#include "protocol/operation.h"
#include "protocol/request.h"
#include "router/hot_keys/local_cache.h"
#include "router/hot_keys/local_cache_options.h"
#include "router/route/route_request.h"

namespace ringcache::router {

// Whether `request` may make a get's reply another one: also by ending its item's life.
bool ChangesItem(const protocol::Request& request);

class WorkerHotKeys {
 public:
  // Rates are means of the last 5 to 10 seconds.
  static constexpr absl::Duration kDecayInterval = absl::Seconds(5);
  // A key that gets hot is kept so much later.
  static constexpr absl::Duration kAdmitInterval = absl::Seconds(1);
  // Reads in a second that a key has for certain (sampling apart) to be kept. At less, most of what
  // is kept would be read once or not at all at a `ttl` of a few milliseconds; and 40 samples tell
  // it, too few to take half of it for it.
  static constexpr std::uint64_t kLeastReadsPerSecond = 500;

  // `seed`: workers get different ones.
  WorkerHotKeys(net::EventLoop* loop, const LocalCacheOptions& options, std::uint64_t seed);
  ~WorkerHotKeys();
  WorkerHotKeys(const WorkerHotKeys&) = delete;
  WorkerHotKeys& operator=(const WorkerHotKeys&) = delete;

  // For each key of each request, as the client wrote it.
  void Record(protocol::Operation operation, absl::string_view key) {
    if (Retrieves(operation)) [[likely]] {
      sketch_.RecordRead(key);
    } else {
      sketch_.RecordWrite(key);
    }
  }

  // Whether there is a cache() to be asked. Its keys are those without routing prefixes.
  bool caches() const { return cache_.enabled(); }
  LocalCache& cache() { return cache_; }
  const LocalCache& cache() const { return cache_; }

  metrics::HotKeyRates Rates(absl::Duration now) const { return sketch_.Rates(now); }

 private:
  void DecayLater();
  void AdmitLater();
  void Admit();

  net::EventLoop& loop_;
  metrics::HotKeySketch sketch_;
  LocalCache cache_;
  net::EventLoop::TimerId decay_timer_ = 0;
  net::EventLoop::TimerId admit_timer_ = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_HOT_KEYS_WORKER_HOT_KEYS_H_

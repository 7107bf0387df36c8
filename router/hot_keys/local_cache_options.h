// How much of the hottest keys a worker keeps, and for how long.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_ROUTER_HOT_KEYS_LOCAL_CACHE_OPTIONS_H_
#define RINGCACHE_ROUTER_HOT_KEYS_LOCAL_CACHE_OPTIONS_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace ringcache::router {

// Each worker has so much.
struct LocalCacheOptions {
  // What others write is seen after so long at most. 0: nothing is kept.
  absl::Duration ttl = absl::ZeroDuration();
  static constexpr absl::Duration kMaxTtl = absl::Seconds(1);
  std::size_t max_keys = 64;
  // The sketch tells no more of them well (0.2 % of the requests each).
  static constexpr std::size_t kMaxKeys = 512;
  // Of all copies together.
  std::size_t max_bytes = std::size_t{4} << 20;
  static constexpr std::size_t kMaxBytes = std::size_t{1} << 30;

  // Says which value is wrong and what would be right.
  absl::Status Validate() const;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_HOT_KEYS_LOCAL_CACHE_OPTIONS_H_

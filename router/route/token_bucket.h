// How often something may happen: so many times a second on average, and so many at once.
//
// Thread safety: none; one worker's.

#ifndef RINGCACHE_ROUTER_ROUTE_TOKEN_BUCKET_H_
#define RINGCACHE_ROUTER_ROUTE_TOKEN_BUCKET_H_

#include <algorithm>

#include "absl/time/time.h"

namespace ringcache::router {

class TokenBucket {
 public:
  // Full at the beginning. REQUIRES: rate_per_s >= 0, burst >= 1.
  TokenBucket(double rate_per_s, double burst)
      : rate_per_s_(rate_per_s), burst_(burst), tokens_(burst) {}

  // Whether it may happen at `now`, which never goes back.
  bool Take(absl::Duration now) {
    tokens_ = std::min(burst_, tokens_ + rate_per_s_ * absl::ToDoubleSeconds(now - filled_at_));
    filled_at_ = now;
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  const double rate_per_s_;
  const double burst_;
  double tokens_;
  absl::Duration filled_at_ = absl::ZeroDuration();
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_TOKEN_BUCKET_H_

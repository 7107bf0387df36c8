// How long to wait before the next attempt: doubling from a first to a longest pause, of which a
// quarter is left to chance so that many clients do not come back in step.
//
// Thread safety: none.

#ifndef RINGCACHE_CLIENT_BACKOFF_H_
#define RINGCACHE_CLIENT_BACKOFF_H_

#include <algorithm>
#include <cstdint>
#include <random>

#include "absl/time/time.h"

namespace ringcache::client {

class Backoff {
 public:
  Backoff(absl::Duration first, absl::Duration longest, std::uint64_t seed)
      : first_(first), longest_(longest), next_(first), random_(seed) {}

  // The pause after one more failure: between three quarters of the nominal one and all of it.
  absl::Duration Next() {
    const absl::Duration nominal = next_;
    next_ = std::min(2 * next_, longest_);
    return nominal * std::uniform_real_distribution<double>(0.75, 1.0)(random_);
  }
  void Reset() { next_ = first_; }

 private:
  const absl::Duration first_;
  const absl::Duration longest_;
  absl::Duration next_;
  std::minstd_rand random_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_BACKOFF_H_

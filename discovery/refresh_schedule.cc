#include "discovery/refresh_schedule.h"

#include <algorithm>

namespace ringcache::discovery {

RefreshSchedule::RefreshSchedule(const Options& options, std::uint64_t seed)
    : options_(options), random_(seed) {}

absl::Duration RefreshSchedule::Spread(absl::Duration wait) {
  // 53 random bits make a double in [0, 1).
  const double share = static_cast<double>(random_() >> 11) * 0x1p-53;
  return wait * (1 + kSpread * share);
}

void RefreshSchedule::Asked(absl::Duration now) {
  asked_ = now;
  hurried_ = false;
}

void RefreshSchedule::Answered(absl::Duration now, absl::Duration ttl, absl::Duration no_later) {
  succeeded_ = true;
  retry_ = kRetry;
  // The longest wait is shortened by as much as it may be lengthened, or clients that all wait for
  // the longest would never spread.
  const absl::Duration longest = options_.max / (1 + kSpread);
  const absl::Duration wait = Spread(std::max(std::min(ttl, longest), options_.min));
  due_ = now + std::max(std::min({wait, options_.max, no_later - now}), options_.min);
}

void RefreshSchedule::Failed(absl::Duration now) {
  const absl::Duration limit = succeeded_ ? options_.max : std::min(kMaxFirstRetry, options_.max);
  due_ = now + std::min(Spread(retry_), limit);
  retry_ = std::min(2 * retry_, limit);
}

absl::Duration RefreshSchedule::due() const {
  return hurried_ ? std::min(due_, asked_ + kHurryInterval) : due_;
}

}  // namespace ringcache::discovery

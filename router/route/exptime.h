// Times to live as requests carry them: 0 for ever, negative gone at once, up to 30 days from now,
// above that a Unix time, all in seconds.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ROUTER_ROUTE_EXPTIME_H_
#define RINGCACHE_ROUTER_ROUTE_EXPTIME_H_

#include <cstdint>
#include <limits>
#include <optional>

#include "absl/time/time.h"
#include "protocol/request.h"

namespace ringcache::router {

inline constexpr std::int64_t kMaxRelativeExptimeS = 60 * 60 * 24 * 30;
inline constexpr std::int64_t kForEverS = std::numeric_limits<std::int64_t>::max();

// How long an item lives that gets `exptime_s` at `wall`; kForEverS, or 0 if it is gone.
std::int64_t SecondsToLive(std::int64_t exptime_s, absl::Time wall);
// What gives an item `seconds_to_live` from `wall`: the inverse.
std::int64_t ExptimeFor(std::int64_t seconds_to_live, absl::Time wall);

// The time that `request` gives to an item; none if it gives it none: a get, an append, an mg
// without T.
std::optional<std::int64_t> ExptimeOf(const protocol::Request& request);
// REQUIRES: ExptimeOf() has one.
void SetExptime(std::int64_t exptime_s, protocol::Request* request);

// Lets no item live longer than `limit_s` for this request, also one that it makes where there is
// none (N of mg and ma). False: nothing had to be changed.
bool LimitExptime(std::int64_t limit_s, absl::Time wall, protocol::Request* request);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_EXPTIME_H_

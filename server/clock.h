// The server's wall clock in Unix seconds, and memcached's rules for expiry times. In a test the
// clock can be stopped and moved (the debugtime command).
//
// Thread safety: any thread.

#ifndef RINGCACHE_SERVER_CLOCK_H_
#define RINGCACHE_SERVER_CLOCK_H_

#include <atomic>
#include <cstdint>
#include <limits>

#include "storage/item.h"

namespace ringcache::server {

class Clock {
 public:
  // `start` is when the server was started.
  explicit Clock(storage::UnixSeconds start) : start_(start) {}

  storage::UnixSeconds start() const { return start_; }

  // The server's time when the wall clock shows `wall`.
  storage::UnixSeconds At(std::int64_t wall) const {
    // Relaxed: a moved clock is a test's tool and orders nothing.
    const std::int64_t stopped = stopped_at_.load(std::memory_order_relaxed);
    const std::int64_t offset = offset_s_.load(std::memory_order_relaxed);
    return static_cast<storage::UnixSeconds>((stopped != 0 ? stopped : wall) + offset);
  }

  void Pause(std::int64_t wall) { stopped_at_.store(wall, std::memory_order_relaxed); }
  void Resume() { stopped_at_.store(0, std::memory_order_relaxed); }
  void Move(std::int64_t seconds) { offset_s_.fetch_add(seconds, std::memory_order_relaxed); }

 private:
  const storage::UnixSeconds start_;
  std::atomic<std::int64_t> stopped_at_{0};
  std::atomic<std::int64_t> offset_s_{0};
};

// Expiry times up to this are relative to now, larger ones are Unix time (protocol.txt, "Expiration
// times").
inline constexpr std::int64_t kMaxRelativeSeconds = 60 * 60 * 24 * 30;

// When an item stored `now` with `exptime` as sent expires: 0 never, negative at once, up to 30
// days relative, larger absolute. An absolute time before the start of the server is at once, too.
inline storage::UnixSeconds ExpiresAt(std::int64_t exptime, storage::UnixSeconds now,
                                      storage::UnixSeconds server_start) {
  constexpr std::int64_t kLatest = std::numeric_limits<storage::UnixSeconds>::max();
  if (exptime == 0) return storage::kNever;
  if (exptime < 0) return now;
  if (exptime <= kMaxRelativeSeconds) return now + static_cast<storage::UnixSeconds>(exptime);
  if (exptime <= server_start) return now;
  return static_cast<storage::UnixSeconds>(exptime < kLatest ? exptime : kLatest);
}

// Seconds that an item has left, as `t` and `me` report them: -1 if it never expires.
inline std::int64_t RemainingSeconds(storage::UnixSeconds expires_at, storage::UnixSeconds now) {
  if (expires_at == storage::kNever) return -1;
  return std::int64_t{expires_at} - now;
}

// How long before `now` that was; 0 if it is later, as after the clock was set back, or when
// another worker's wake-up began in the next second.
inline std::uint32_t SecondsSince(storage::UnixSeconds then, storage::UnixSeconds now) {
  return then < now ? now - then : 0;
}

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_CLOCK_H_

// How pending deletes are replayed.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_ROUTER_REPLAY_REPLAY_OPTIONS_H_
#define RINGCACHE_ROUTER_REPLAY_REPLAY_OPTIONS_H_

#include <cstddef>

#include "absl/time/time.h"

namespace ringcache::router {

struct ReplayOptions {
  // Deletes that await their replies, of one member.
  std::size_t batch = 256;
  // Between two batches: 50,000 deletes a second at most, a twentieth of what a server takes.
  absl::Duration pause = absl::Microseconds(5120);
  // A member that answers again has this long to carry out what it had received on other
  // connections before, such as a write that was given up: no delete may come before it.
  absl::Duration settle = absl::Milliseconds(100);
  // For each reply.
  absl::Duration timeout = absl::Seconds(1);
  // After a failure, doubled from the first to the greatest.
  absl::Duration first_retry = absl::Milliseconds(50);
  absl::Duration max_retry = absl::Milliseconds(500);
  // While all that is pending is still on its way to the disk.
  absl::Duration disk_pause = absl::Milliseconds(2);
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_REPLAY_REPLAY_OPTIONS_H_

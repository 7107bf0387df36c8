// How far a process is with draining.
//
// Thread safety: plain values.

#ifndef RINGCACHE_ADMIN_BACKEND_DRAIN_H_
#define RINGCACHE_ADMIN_BACKEND_DRAIN_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace ringcache::admin {

struct DrainProgress {
  bool draining = false;
  // The phase that it is in: "announcing", "closing"; empty if it does not drain.
  std::string phase;
  // Until the phase ends, at the latest.
  absl::Duration left;
  std::uint64_t connections = 0;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_BACKEND_DRAIN_H_

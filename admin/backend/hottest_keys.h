// The hottest keys of all workers, as an admin sees them.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_ADMIN_BACKEND_HOTTEST_KEYS_H_
#define RINGCACHE_ADMIN_BACKEND_HOTTEST_KEYS_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "admin/backend/stats.h"
#include "metrics/hot_key_sketch.h"

namespace ringcache::admin {

// The hottest first, `count` at most of those that are read, and then of those that are changed.
// Errors are what the counting and the sampling may be off, the latter in 997 of 1000 cases.
std::vector<HotKey> HottestKeys(absl::Span<const metrics::HotKeyRates> workers, std::size_t count);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_BACKEND_HOTTEST_KEYS_H_

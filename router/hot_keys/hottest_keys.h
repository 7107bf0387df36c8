// The hottest keys of all workers, as an admin sees them.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_ROUTER_HOT_KEYS_HOTTEST_KEYS_H_
#define RINGCACHE_ROUTER_HOT_KEYS_HOTTEST_KEYS_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "admin/backend/stats.h"
#include "router/hot_keys/hot_key_sketch.h"

namespace ringcache::router {

// The hottest first, `count` at most of those that are read, and then of those that are changed.
// Errors are as in hot_key_report.h.
std::vector<admin::HotKey> HottestKeys(absl::Span<const HotKeyRates> workers, std::size_t count);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_HOT_KEYS_HOTTEST_KEYS_H_

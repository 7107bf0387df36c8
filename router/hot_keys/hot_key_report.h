// The text of `stats hotkeys`: the hottest keys of all workers together, a line for each, of reads
// (get, gets, gat, gats, mg) and of all else that has a key:
//
//   STAT read:<key> per_second:5031.2 share:0.2514 error:102.5
//
// `error`: how far away the truth may be (997 times of 1000); `share`: of all reads, or all writes.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ROUTER_HOT_KEYS_HOT_KEY_REPORT_H_
#define RINGCACHE_ROUTER_HOT_KEYS_HOT_KEY_REPORT_H_

#include <cstddef>
#include <string>

#include "absl/types/span.h"
#include "metrics/hot_key_sketch.h"

namespace ringcache::router {

// Keys that are told of each kind.
inline constexpr std::size_t kReportedKeys = 20;

// The whole reply, with its END. Bytes of a key that cannot be in a word are told as in C: \n,
// \x20.
std::string HotKeyReport(absl::Span<const metrics::HotKeyRates> workers);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_HOT_KEYS_HOT_KEY_REPORT_H_

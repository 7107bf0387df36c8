// What a heavy-hitters sketch says of a stream: its most frequent keys with bounds, and what may be
// true of the keys that it does not name. Answers about several streams are merged into one.
//
// Thread safety: plain values, a function.

#ifndef RINGCACHE_METRICS_HOT_KEYS_H_
#define RINGCACHE_METRICS_HOT_KEYS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"

namespace ringcache::metrics {

// The key was requested at most `requests` times and at least `requests - error` times.
struct HotKey {
  std::string key;
  std::uint64_t requests = 0;
  std::uint64_t error = 0;

  friend bool operator==(const HotKey&, const HotKey&) = default;
};

struct HotKeys {
  std::vector<HotKey> keys;  // by falling `requests`, then rising `error`, then key
  std::uint64_t requests = 0;
  // No key that is missing in `keys` was requested more often.
  std::uint64_t others_at_most = 0;
};

// Puts the keys in the order that HotKeys has.
void SortHotKeys(std::vector<HotKey>* keys);

// The hottest keys, `max_keys` at most, of all streams together; the bounds of the parts add up. A
// key that a part does not name is taken to have been requested there as often as it may have been:
// Agarwal et al., Mergeable Summaries, PODS 2012.
HotKeys MergeHotKeys(absl::Span<const HotKeys> parts, std::size_t max_keys);

}  // namespace ringcache::metrics

#endif  // RINGCACHE_METRICS_HOT_KEYS_H_

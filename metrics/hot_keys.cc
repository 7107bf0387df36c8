#include "metrics/hot_keys.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace ringcache::metrics {

void SortHotKeys(std::vector<HotKey>* keys) {
  std::sort(keys->begin(), keys->end(), [](const HotKey& a, const HotKey& b) {
    return std::tie(b.requests, a.error, a.key) < std::tie(a.requests, b.error, b.key);
  });
}

HotKeys MergeHotKeys(absl::Span<const HotKeys> parts, std::size_t max_keys) {
  HotKeys merged;
  for (const HotKeys& part : parts) {
    merged.requests += part.requests;
    merged.others_at_most += part.others_at_most;
  }
  // As if no part named the key; what a part does say of it then takes that part's place.
  absl::flat_hash_map<absl::string_view, HotKey> found;
  for (const HotKeys& part : parts) {
    for (const HotKey& key : part.keys) {
      const auto [at, is_new] = found.try_emplace(key.key);
      if (is_new) at->second = {key.key, merged.others_at_most, merged.others_at_most};
      at->second.requests += key.requests - part.others_at_most;
      at->second.error += key.error;
      at->second.error -= part.others_at_most;
    }
  }
  merged.keys.reserve(found.size());
  for (auto& [text, key] : found) merged.keys.push_back(std::move(key));
  SortHotKeys(&merged.keys);
  if (merged.keys.size() > max_keys) {
    merged.others_at_most = std::max(merged.others_at_most, merged.keys[max_keys].requests);
    merged.keys.resize(max_keys);
  }
  return merged;
}

}  // namespace ringcache::metrics

// A cache that never forgets, as a map: what a replay must hit when nothing is evicted.
//
// Thread safety: belongs to one thread.

#ifndef RINGCACHE_TOOLS_TRACE_CACHE_MODEL_H_
#define RINGCACHE_TOOLS_TRACE_CACHE_MODEL_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tools/loadgen/random_source.h"
#include "tools/trace/trace_request.h"

namespace ringcache::trace {

class CacheModel {
 public:
  // Whether a read hits; false for other operations.
  bool Do(const TraceRequest& request) {
    const auto found = items_.find(request.key);
    const bool present = found != items_.end() && (found->second.expires_at == 0 ||
                                                   found->second.expires_at > request.time_s + 1);
    if (found != items_.end() && !present) items_.erase(found);
    const bool stores = request.operation == TraceOperation::kSet ||
                        (request.operation == TraceOperation::kReplace && present) ||
                        ((request.operation == TraceOperation::kRead ||
                          request.operation == TraceOperation::kAdd) &&
                         !present);
    if (stores) {
      // One more than in truth, so that 0 stays free for "never".
      const std::uint32_t expires_at = request.ttl_s == 0 ? 0 : request.time_s + request.ttl_s + 1;
      items_[request.key] = {request.value_bytes, expires_at};
    }
    if (request.operation == TraceOperation::kDelete) items_.erase(request.key);
    return request.operation == TraceOperation::kRead && present;
  }

  std::uint64_t items() const { return items_.size(); }
  std::uint64_t payload_bytes() const {
    std::uint64_t bytes = 0;
    for (const auto& [key, item] : items_) bytes += key.size() + item.value_bytes;
    return bytes;
  }

 private:
  struct ModelItem {
    std::uint32_t value_bytes = 0;
    std::uint32_t expires_at = 0;
  };
  std::map<std::string, ModelItem> items_;
};

// Requests of all kinds for few keys, so that each is met often within a batch.
inline std::vector<TraceRequest> RandomRequests(std::uint64_t seed, int count, bool lifetimes) {
  loadgen::RandomSource random(seed);
  std::vector<TraceRequest> requests(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < requests.size(); ++i) {
    TraceRequest& request = requests[i];
    request.key = "key:" + std::to_string(random.NextBelow(40));
    request.value_bytes = static_cast<std::uint32_t>(random.NextBelow(300));
    request.time_s = static_cast<std::uint32_t>(i / 10);
    if (lifetimes) request.ttl_s = static_cast<std::uint32_t>(random.NextBelow(8));
    // Reads and deletes are the most frequent, so that both hits and misses are.
    constexpr TraceOperation kKinds[] = {TraceOperation::kRead,   TraceOperation::kRead,
                                         TraceOperation::kRead,   TraceOperation::kSet,
                                         TraceOperation::kAdd,    TraceOperation::kReplace,
                                         TraceOperation::kDelete, TraceOperation::kDelete};
    request.operation = kKinds[random.NextBelow(8)];
  }
  return requests;
}

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_CACHE_MODEL_H_

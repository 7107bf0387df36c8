// What one worker asks next: kinds and keys drawn from the workload, or, while prefilling, a set of
// every key of its share.
//
// Thread safety: none; belongs to one worker.

#ifndef RINGCACHE_TOOLS_LOADGEN_REQUEST_SOURCE_H_
#define RINGCACHE_TOOLS_LOADGEN_REQUEST_SOURCE_H_

#include <cstdint>

#include "tools/loadgen/random_source.h"
#include "tools/loadgen/workload.h"

namespace ringcache::loadgen {

class RequestSource {
 public:
  // `workload` outlives the source. Equal seeds give equal requests.
  RequestSource(const Workload* workload, std::uint64_t seed)
      : workload_(workload), random_(seed), total_weight_(workload->mix.total()) {}

  // From now on Next gives sets of the keys [first, first + count) in the order of prefilling, as
  // long as the caller asks for no more than these.
  void StartPrefill(std::uint32_t first) {
    prefilling_ = true;
    next_prefill_ = first;
  }
  void EndPrefill() { prefilling_ = false; }

  // Draws a kind and puts its keys' ranks, one, or Workload::multiget for kGet, into `ranks`.
  RequestKind Next(std::uint32_t* ranks) {
    if (prefilling_) {
      *ranks = workload_->keys.PrefillRank(next_prefill_++);
      return RequestKind::kSet;
    }
    const RequestKind kind = NextKind();
    const std::uint32_t count = kind == RequestKind::kGet ? workload_->multiget : 1;
    for (std::uint32_t i = 0; i < count; ++i) ranks[i] = workload_->popularity.Next(&random_);
    return kind;
  }

 private:
  RequestKind NextKind() {
    const auto& weights = workload_->mix.weights;
    std::uint64_t point = weights[0] == total_weight_ ? 0 : random_.NextBelow(total_weight_);
    int kind = 0;
    while (point >= weights[kind]) point -= weights[kind++];
    return static_cast<RequestKind>(kind);
  }

  const Workload* workload_;
  RandomSource random_;
  std::uint64_t total_weight_;
  std::uint32_t next_prefill_ = 0;
  bool prefilling_ = false;
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_REQUEST_SOURCE_H_

// Reads and hits, over a whole trace and over its second half.
//
// Thread safety: plain values.

#ifndef RINGCACHE_TOOLS_TRACE_HIT_COUNTS_H_
#define RINGCACHE_TOOLS_TRACE_HIT_COUNTS_H_

#include <cstdint>

namespace ringcache::trace {

struct HitCount {
  std::uint64_t reads = 0;
  std::uint64_t hits = 0;

  // 0 if nothing was read.
  double ratio() const {
    return reads == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(reads);
  }
};

// The second half begins with request number requests / 2, counting from 0; by then a cache that is
// small beside the trace has filled.
struct HitCounts {
  HitCount whole;
  HitCount second_half;

  void Add(bool hit, bool in_second_half) {
    ++whole.reads;
    whole.hits += hit;
    if (!in_second_half) return;
    ++second_half.reads;
    second_half.hits += hit;
  }
};

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_HIT_COUNTS_H_

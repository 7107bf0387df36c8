// When requests are due in an open loop: arrivals at a rate, at equal distances or as a Poisson
// process, whatever the server does. Arrivals are made one at a time: a backlog of any length
// occupies no memory.
//
// Thread safety: none; belongs to one worker.

#ifndef RINGCACHE_TOOLS_LOADGEN_ARRIVAL_SCHEDULE_H_
#define RINGCACHE_TOOLS_LOADGEN_ARRIVAL_SCHEDULE_H_

#include <cmath>
#include <cstdint>

#include "tools/loadgen/random_source.h"

namespace ringcache::loadgen {

enum class Arrivals : std::uint8_t { kPoisson, kFixed };

class ArrivalSchedule {
 public:
  // The first arrival is one distance after `start_ns`. REQUIRES: rate_per_s > 0.
  ArrivalSchedule(Arrivals arrivals, double rate_per_s, std::int64_t start_ns, std::uint64_t seed)
      : arrivals_(arrivals), mean_gap_ns_(1e9 / rate_per_s), start_ns_(start_ns), random_(seed) {
    Advance();
  }

  // When the next request is due.
  std::int64_t next_ns() const { return start_ns_ + static_cast<std::int64_t>(offset_ns_); }
  double mean_gap_ns() const { return mean_gap_ns_; }

  void Advance() {
    if (arrivals_ == Arrivals::kFixed) {
      // A product, not a sum: rounding does not add up.
      offset_ns_ = mean_gap_ns_ * static_cast<double>(++count_);
    } else {
      offset_ns_ -= mean_gap_ns_ * std::log1p(-random_.NextUnit());
    }
  }

 private:
  Arrivals arrivals_;
  double mean_gap_ns_;
  std::int64_t start_ns_;
  double offset_ns_ = 0;
  std::uint64_t count_ = 0;
  RandomSource random_;
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_ARRIVAL_SCHEDULE_H_

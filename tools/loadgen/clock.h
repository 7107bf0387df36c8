// The time that latencies are measured with. The loop's own time is that of the wake-up; a latency
// needs the time of the batch, and tests need one that stands still.

#ifndef RINGCACHE_TOOLS_LOADGEN_CLOCK_H_
#define RINGCACHE_TOOLS_LOADGEN_CLOCK_H_

#include <time.h>

#include <cstdint>

namespace ringcache::loadgen {

class Clock {
 public:
  virtual ~Clock() = default;
  // Monotonic, from an arbitrary origin. Callable from any thread.
  virtual std::int64_t NowNs() const = 0;
};

// CLOCK_MONOTONIC: some 20 ns a call, without entering the kernel.
class MonotonicClock final : public Clock {
 public:
  std::int64_t NowNs() const override {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
  }
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_CLOCK_H_

#include "net/clock/tick_clock.h"

#include <time.h>

#include <fstream>
#include <string>

namespace ringcache::net {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
// A rate that was measured for so long is exact to 10 in a million: an anchor that holds for
// kHoldNs is then wrong by at most 2.5 us.
constexpr std::int64_t kMeasureNs = 10'000'000;
constexpr std::int64_t kHoldNs = 250'000'000;

std::int64_t KernelNs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kNanosecondsPerSecond + now.tv_nsec;
}

// The kernel looks after what is wrong with counters: stopping, differing between cores, ....
bool KernelTrustsCounter() {
#if defined(__x86_64__)
  std::ifstream file("/sys/devices/system/clocksource/clocksource0/current_clocksource");
  std::string name;
  return file >> name && name == "tsc";
#else
  return false;
#endif
}

}  // namespace

TickClock::TickClock(Source source)
    : has_counter_(source == Source::kBest && [] {
        static const bool trusted = KernelTrustsCounter();
        return trusted;
      }()) {}

std::int64_t TickClock::ReadKernel() {
  const std::int64_t ns = KernelNs();
#if defined(__x86_64__)
  if (!has_counter_) return ns;
  const std::uint64_t ticks = __rdtsc();
  const std::int64_t passed_ns = ns - anchor_ns_;
  // The first anchor, or the one before.
  if (anchor_ns_ != 0 && passed_ns < kMeasureNs) return ns;
  valid_ticks_ = 0;
  const std::uint64_t passed_ticks = ticks - anchor_ticks_;
  if (anchor_ns_ != 0 && passed_ticks > 0) {
    const auto scaled = static_cast<unsigned __int128>(passed_ns) << kScaleBits;
    scale_ = static_cast<std::uint64_t>(scaled / passed_ticks);
    if (scale_ > 0) {
      const auto hold = static_cast<unsigned __int128>(kHoldNs) << kScaleBits;
      valid_ticks_ = static_cast<std::uint64_t>(hold / scale_);
    }
  }
  anchor_ticks_ = ticks;
  anchor_ns_ = ns;
#endif
  return ns;
}

}  // namespace ringcache::net

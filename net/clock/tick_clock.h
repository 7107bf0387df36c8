// The monotonic clock (CLOCK_MONOTONIC) for those who read it once a request. Where the processor's
// time stamp counter is what the kernel itself tells the time by, it is read directly, and held
// against the kernel's clock a few times a second: 10 ns in place of 25. Elsewhere, and until the
// counter's rate is known, each read asks the kernel.
//
// Thread safety: none; each thread has its own. Two of them differ by less than 100 us.

#ifndef RINGCACHE_NET_CLOCK_TICK_CLOCK_H_
#define RINGCACHE_NET_CLOCK_TICK_CLOCK_H_

#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace ringcache::net {

class TickClock {
 public:
  // What may be told of the counter, to be tried in tests.
  enum class Source : std::uint8_t { kBest, kKernel };

  explicit TickClock(Source source = Source::kBest);

  // Nanoseconds; never less than what was told before.
  std::int64_t NowNs() {
#if defined(__x86_64__)
    const std::uint64_t ticks = __rdtsc() - anchor_ticks_;
    if (ticks < valid_ticks_) [[likely]] {
      const auto passed = static_cast<unsigned __int128>(ticks) * scale_;
      return Forward(anchor_ns_ + static_cast<std::int64_t>(passed >> kScaleBits));
    }
#endif
    return Forward(ReadKernel());
  }

 private:
  static constexpr int kScaleBits = 32;

  // The kernel's time; takes a new anchor if it is time for one.
  std::int64_t ReadKernel();
  std::int64_t Forward(std::int64_t ns) {
    if (ns > last_ns_) last_ns_ = ns;
    return last_ns_;
  }

  const bool has_counter_;
  std::int64_t last_ns_ = 0;
  // The counter and the kernel's clock at one moment, nanoseconds per tick times 2^32, and for how
  // many ticks these hold: none if the rate is not known.
  std::uint64_t anchor_ticks_ = 0;
  std::int64_t anchor_ns_ = 0;
  std::uint64_t scale_ = 0;
  std::uint64_t valid_ticks_ = 0;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_CLOCK_TICK_CLOCK_H_

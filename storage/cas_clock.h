// Gives out CAS ids: unique in the store, growing for each key, never repeated after a restart.
//
//   63        50                        6 5      0
//   ┌──────────┬─────────────────────────┬────────┐
//   │    0     │ ticks since 2020, +1 an │ stripe │
//   │          │ id (62,500 ticks a s)   │        │
//   └──────────┴─────────────────────────┴────────┘
//
// A key always uses the same stripe, so its ids grow. A stripe starts at the clock and moves one
// tick an id; as long as no stripe gives out 62,500 ids a second for the whole life of the process
// (4 million sets a second in all), a restart begins above every id ever given. Ids stay below 2^53
// until 2091, so a client that holds them in a double loses nothing.
//
// Thread safety: any thread.

#ifndef RINGCACHE_STORAGE_CAS_CLOCK_H_
#define RINGCACHE_STORAGE_CAS_CLOCK_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ringcache::storage {

class CasClock {
 public:
  static constexpr std::uint64_t kTicksPerSecond = 62'500;
  static constexpr int kStripeBits = 6;
  static constexpr std::size_t kStripes = std::size_t{1} << kStripeBits;

  // `start_ticks`: ticks since 2020-01-01, usually TicksNow().
  explicit CasClock(std::uint64_t start_ticks) {
    for (Stripe& stripe : stripes_) stripe.ticks.store(start_ticks, std::memory_order_relaxed);
  }

  static std::uint64_t TicksNow();
  // The highest of all stripes: a clock that starts there gives out no id again.
  std::uint64_t HighestTicks() const {
    std::uint64_t highest = 0;
    for (const Stripe& stripe : stripes_) {
      highest = std::max(highest, stripe.ticks.load(std::memory_order_relaxed));
    }
    return highest;
  }

  std::uint64_t Next(std::uint64_t hash) {
    const std::size_t stripe = StripeOfHash(hash);
    // Relaxed: the key's lock orders the ids of one key.
    const std::uint64_t ticks = stripes_[stripe].ticks.fetch_add(1, std::memory_order_relaxed) + 1;
    return ticks << kStripeBits | stripe;
  }

  static std::size_t StripeOf(std::uint64_t id) { return id & (kStripes - 1); }
  // The last id that the stripe gave out, or one below its first.
  std::uint64_t LatestOf(std::size_t stripe) const {
    return stripes_[stripe].ticks.load(std::memory_order_relaxed) << kStripeBits | stripe;
  }

  // From now on the ids for this hash are greater than `id`, which another clock gave out.
  void AdvancePast(std::uint64_t hash, std::uint64_t id) {
    std::atomic<std::uint64_t>& ticks = stripes_[StripeOfHash(hash)].ticks;
    std::uint64_t before = ticks.load(std::memory_order_relaxed);
    // Relaxed, as Next. Compared: another thread may have brought it further.
    while (before < id >> kStripeBits &&
           !ticks.compare_exchange_weak(before, id >> kStripeBits, std::memory_order_relaxed)) {
    }
  }

 private:
  // Bits that choose neither the bucket (low) nor the tag (high).
  static std::size_t StripeOfHash(std::uint64_t hash) { return (hash >> 48) & (kStripes - 1); }
  // A line each, or workers that set different keys would pass one line to and fro.
  struct alignas(64) Stripe {
    std::atomic<std::uint64_t> ticks;
  };
  std::array<Stripe, kStripes> stripes_;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_CAS_CLOCK_H_

// Sizes of values by the number of their key, so that who reads a cache back knows what it held.
//
// Thread safety: pure functions.

#ifndef RINGCACHE_TOOLS_FOOTPRINT_VALUE_SIZES_H_
#define RINGCACHE_TOOLS_FOOTPRINT_VALUE_SIZES_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "tools/loadgen/random_source.h"

namespace ringcache::footprint {

inline constexpr std::size_t kSmallestValueBytes = 50;
inline constexpr std::size_t kLargestValueBytes = 10 * 1024;

// Lognormal with median 500 and sigma 1, cut to the two bounds above: what public traces of caches
// look like.
inline std::size_t LognormalBytes(std::uint64_t id) {
  loadgen::RandomSource random(loadgen::RandomSource::SeedFor(1, id));
  // Box and Muller; 1 - x is never 0.
  const double radius = std::sqrt(-2 * std::log(1 - random.NextUnit()));
  const double normal = radius * std::cos(2 * M_PI * random.NextUnit());
  return std::clamp(static_cast<std::size_t>(500 * std::exp(normal)), kSmallestValueBytes,
                    kLargestValueBytes);
}

// As many values between `least` and twice as much as between that and twice as much, and so on.
inline std::size_t LogUniformBytes(std::uint64_t id, std::size_t least, std::size_t most) {
  loadgen::RandomSource random(loadgen::RandomSource::SeedFor(2, id));
  const double range = std::log(static_cast<double>(most) / static_cast<double>(least));
  return std::min(most, static_cast<std::size_t>(static_cast<double>(least) *
                                                 std::exp(range * random.NextUnit())));
}

}  // namespace ringcache::footprint

#endif  // RINGCACHE_TOOLS_FOOTPRINT_VALUE_SIZES_H_

// A small, fast stream of random numbers: SplitMix64 (Steele, Lea, Flood, "Fast splittable
// pseudorandom number generators", 2014). The same seed gives the same stream everywhere, which the
// standard library's distributions do not promise.
//
// Thread safety: none; each thread has its own, seeded with SeedFor.

#ifndef RINGCACHE_TOOLS_LOADGEN_RANDOM_SOURCE_H_
#define RINGCACHE_TOOLS_LOADGEN_RANDOM_SOURCE_H_

#include <cstdint>

namespace ringcache::loadgen {

// A bijection on 64 bits whose output bits all depend on all input bits.
constexpr std::uint64_t Mix64(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// A bijection on 32 bits (MurmurHash3's finalizer).
constexpr std::uint32_t Mix32(std::uint32_t x) {
  x = (x ^ (x >> 16)) * 0x85ebca6b;
  x = (x ^ (x >> 13)) * 0xc2b2ae35;
  return x ^ (x >> 16);
}

class RandomSource {
 public:
  explicit RandomSource(std::uint64_t seed) : state_(seed) {}

  // Seeds of streams that do not overlap in practice, one per worker of a run.
  static std::uint64_t SeedFor(std::uint64_t seed, std::uint64_t stream) {
    return Mix64(seed ^ Mix64(stream + 1));
  }

  std::uint64_t Next() { return Mix64(state_ += 0x9e3779b97f4a7c15); }

  // Uniform in [0, bound), up to a bias of bound / 2^64. REQUIRES: bound > 0.
  std::uint64_t NextBelow(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(Next()) * bound) >> 64);
  }

  // Uniform in [0, 1), all 53 bits of a double.
  double NextUnit() { return static_cast<double>(Next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_RANDOM_SOURCE_H_

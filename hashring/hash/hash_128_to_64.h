// CityHash's fold of two hashes to one: how mcrouter's Rendezvous scores a member for a key.
//
// Source: G. Pike and J. Alakuijala, CityHash: Hash128to64().
//
// Thread safety: a pure function.

#ifndef RINGCACHE_HASHRING_HASH_HASH_128_TO_64_H_
#define RINGCACHE_HASHRING_HASH_HASH_128_TO_64_H_

#include <cstdint>

namespace ringcache::hashring {

inline std::uint64_t Hash128To64(std::uint64_t upper, std::uint64_t lower) {
  constexpr std::uint64_t kMultiplier = 0x9ddfea08eb382d69;
  std::uint64_t a = (lower ^ upper) * kMultiplier;
  a ^= a >> 47;
  std::uint64_t b = (upper ^ a) * kMultiplier;
  b ^= b >> 47;
  return b * kMultiplier;
}

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_HASH_HASH_128_TO_64_H_

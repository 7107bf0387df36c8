// Jenkins' SpookyHash V2, of which mcrouter's WeightedCh3 takes 32 bits.
//
// Source: B. Jenkins, "SpookyHash: a 128-bit noncryptographic hash", version 2, 2012.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_HASHRING_HASH_SPOOKY_H_
#define RINGCACHE_HASHRING_HASH_SPOOKY_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace ringcache::hashring {

std::uint32_t Spooky32(absl::string_view key, std::uint32_t seed);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_HASH_SPOOKY_H_

// The hashes of Fowler, Noll and Vo, as libmemcached and twemproxy reckon them: the 64-bit ones
// give their low half, and bytes count as signed numbers, so that a byte above 127 sets high bits
// too.
//
// Source: IETF draft-eastlake-fnv; libmemcached's fnv_32.cc and fnv_64.cc, twemproxy's nc_fnv.c.
//
// Thread safety: pure functions.

#ifndef RINGCACHE_HASHRING_HASH_FNV_H_
#define RINGCACHE_HASHRING_HASH_FNV_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace ringcache::hashring {

std::uint32_t Fnv1_32(absl::string_view key);
std::uint32_t Fnv1a_32(absl::string_view key);

// The low 32 bits of FNV-1 with 64.
std::uint32_t Fnv1_64(absl::string_view key);
// The same of FNV-1a. No carry goes down, so it is FNV-1a on 32 bits with the other's low
// constants.
std::uint32_t Fnv1a_64(absl::string_view key);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_HASH_FNV_H_

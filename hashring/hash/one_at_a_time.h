// Jenkins' one-at-a-time hash, libmemcached's default for keys.
//
// Source: B. Jenkins, "A Hash Function for Hash Table Lookup", 1997. libmemcached and twemproxy add
// bytes as signed numbers, so keys with bytes above 127 get other hashes than in the article; so
// here.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_HASHRING_HASH_ONE_AT_A_TIME_H_
#define RINGCACHE_HASHRING_HASH_ONE_AT_A_TIME_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace ringcache::hashring {

std::uint32_t OneAtATime(absl::string_view key);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_HASH_ONE_AT_A_TIME_H_

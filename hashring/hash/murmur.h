// Appleby's MurmurHash in the versions that memcached's clients use.
//
// Source: A. Appleby, SMHasher: MurmurHash2.cpp and MurmurHash3.cpp. Words are little endian.
//
// Thread safety: pure functions, and a value.

#ifndef RINGCACHE_HASHRING_HASH_MURMUR_H_
#define RINGCACHE_HASHRING_HASH_MURMUR_H_

#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace ringcache::hashring {

// MurmurHash2 with the seed that libmemcached and twemproxy ("murmur") make of the key's length.
std::uint32_t Murmur2(absl::string_view key);

// MurmurHash64A.
std::uint64_t Murmur64A(absl::string_view key, std::uint64_t seed);
// Murmur64A of the eight bytes of `word`: how furc (furc.h) makes more bits of a hash.
std::uint64_t Murmur64AOfWord(std::uint64_t word, std::uint64_t seed);

// MurmurHash3_x86_32.
std::uint32_t Murmur3_32(absl::string_view key, std::uint32_t seed);

// MurmurHash3_x86_32 of a text whose beginning is the same for many keys: made once of the
// beginning, asked with each end.
class Murmur3Prefix {
 public:
  Murmur3Prefix(absl::string_view prefix, std::uint32_t seed);

  // Murmur3_32(prefix + rest, seed).
  std::uint32_t HashWith(absl::string_view rest) const;

 private:
  std::uint32_t state_;      // of the prefix' whole words
  std::uint32_t tail_ = 0;   // of its last length_ % 4 bytes
  std::uint32_t tail_bits_;  // 8 for each of them
  std::uint32_t length_;     // of the prefix, modulo 2^32 as the hash takes it
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_HASH_MURMUR_H_

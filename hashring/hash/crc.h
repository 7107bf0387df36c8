// Cyclic redundancy checks as hashes of keys.
//
// Thread safety: pure functions.

#ifndef RINGCACHE_HASHRING_HASH_CRC_H_
#define RINGCACHE_HASHRING_HASH_CRC_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace ringcache::hashring {

// CRC-32 of IEEE 802.3 (polynomial 0x04c11db7, reflected): twemproxy's "crc32a", mcrouter's Crc32.
std::uint32_t Crc32(absl::string_view key);

// Bits 16 to 30 of it: what libmemcached's HASHKIT_HASH_CRC and twemproxy's "crc32" make of a key.
// There are only 32,768 such hashes; on a ring of 2^32 they all lie in its first 1/131,072.
std::uint32_t Crc32Fifteen(absl::string_view key);

// CRC-16 with polynomial 0x8005, reflected (CRC-16/ARC): twemproxy's "crc16".
std::uint32_t Crc16(absl::string_view key);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_HASH_CRC_H_

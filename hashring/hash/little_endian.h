// Words read from bytes, the lowest byte first, wherever they lie.
//
// Thread safety: pure functions.

#ifndef RINGCACHE_HASHRING_HASH_LITTLE_ENDIAN_H_
#define RINGCACHE_HASHRING_HASH_LITTLE_ENDIAN_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ringcache::hashring {

static_assert(std::endian::native == std::endian::little,
              "the words of a key would have to be swapped");

inline std::uint32_t LoadWord32(const char* at) {
  std::uint32_t word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}
inline std::uint64_t LoadWord64(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

// The word of the first `size` bytes, the others zero. REQUIRES: size <= 8.
inline std::uint64_t LoadPartialWord(const char* at, std::size_t size) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i) {
    word |= std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
  }
  return word;
}

// What a `char` is worth where it is signed, as on the machines that the clients' hashes come from.
inline std::uint32_t SignedByte(char byte) {
  return static_cast<std::uint32_t>(std::int32_t{static_cast<signed char>(byte)});
}

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_HASH_LITTLE_ENDIAN_H_

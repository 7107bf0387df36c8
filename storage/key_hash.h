// The hash of a key within one store: 64 well-mixed bits, seeded. Built on folded multiplication
// (the 128-bit product of two words, its halves combined by xor), the step that wyhash made known.
//
// The ring's hash must never be used here: all keys of one server share an arc of the ring.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_STORAGE_KEY_HASH_H_
#define RINGCACHE_STORAGE_KEY_HASH_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"

namespace ringcache::storage {

namespace key_hash_internal {

// Fractional digits of the square roots of 2, 3, 5 and 7, made odd: numbers with no pattern.
inline constexpr std::uint64_t kRoot2 = 0x6a09e667f3bcc909;
inline constexpr std::uint64_t kRoot3 = 0xbb67ae8584caa73b;
inline constexpr std::uint64_t kRoot5 = 0x3c6ef372fe94f82b;
inline constexpr std::uint64_t kRoot7 = 0xa54ff53a5f1d36f1;

inline std::uint64_t Fold(std::uint64_t a, std::uint64_t b) {
  const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}
inline std::uint64_t Load64(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}
inline std::uint64_t Load32(const char* at) {
  std::uint32_t word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

}  // namespace key_hash_internal

inline std::uint64_t HashKey(std::uint64_t seed, absl::string_view key) {
  using namespace key_hash_internal;  // NOLINT: four names, one function
  const char* at = key.data();
  std::size_t left = key.size();
  std::uint64_t state = seed ^ kRoot2;
  while (left > 16) {
    state = Fold(Load64(at) ^ kRoot3, Load64(at + 8) ^ state);
    at += 16;
    left -= 16;
  }
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (left >= 8) {
    low = Load64(at);
    high = Load64(at + left - 8);
  } else if (left >= 4) {
    low = Load32(at);
    high = Load32(at + left - 4);
  } else if (left > 0) {
    low = static_cast<std::uint64_t>(static_cast<unsigned char>(at[0])) << 16 |
          static_cast<std::uint64_t>(static_cast<unsigned char>(at[left / 2])) << 8 |
          static_cast<unsigned char>(at[left - 1]);
  }
  state = Fold(low ^ kRoot5, high ^ state);
  return Fold(state ^ kRoot7, key.size() ^ kRoot3);
}

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_KEY_HASH_H_

#include "hashring/hash/fnv.h"

#include "hashring/hash/little_endian.h"

namespace ringcache::hashring {
namespace {

constexpr std::uint32_t kStart32 = 0x811c9dc5;
constexpr std::uint32_t kPrime32 = 0x01000193;
constexpr std::uint64_t kStart64 = 0xcbf29ce484222325;
constexpr std::uint64_t kPrime64 = 0x00000100000001b3;

// FNV-1 multiplies before it adds a byte, FNV-1a after.
std::uint32_t Fnv1a(absl::string_view key, std::uint32_t hash, std::uint32_t prime) {
  for (const char byte : key) hash = (hash ^ SignedByte(byte)) * prime;
  return hash;
}
std::uint32_t Fnv1(absl::string_view key, std::uint32_t hash, std::uint32_t prime) {
  for (const char byte : key) hash = (hash * prime) ^ SignedByte(byte);
  return hash;
}

}  // namespace

std::uint32_t Fnv1_32(absl::string_view key) { return Fnv1(key, kStart32, kPrime32); }

std::uint32_t Fnv1a_32(absl::string_view key) { return Fnv1a(key, kStart32, kPrime32); }

// Neither multiplying nor xor brings anything down from the high half, so the low ones are enough.
std::uint32_t Fnv1_64(absl::string_view key) {
  return Fnv1(key, static_cast<std::uint32_t>(kStart64), static_cast<std::uint32_t>(kPrime64));
}

std::uint32_t Fnv1a_64(absl::string_view key) {
  return Fnv1a(key, static_cast<std::uint32_t>(kStart64), static_cast<std::uint32_t>(kPrime64));
}

}  // namespace ringcache::hashring

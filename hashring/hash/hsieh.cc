#include "hashring/hash/hsieh.h"

#include <cstddef>

#include "hashring/hash/little_endian.h"

namespace ringcache::hashring {
namespace {

std::uint32_t LoadWord16(const char* at) {
  return static_cast<std::uint32_t>(LoadPartialWord(at, 2));
}

// The one to three bytes after the last whole word.
std::uint32_t AddTail(std::uint32_t hash, const char* at, std::size_t size) {
  switch (size) {
    case 3:
      hash += LoadWord16(at);
      hash ^= hash << 16;
      hash ^= SignedByte(at[2]) << 18;
      return hash + (hash >> 11);
    case 2:
      hash += LoadWord16(at);
      hash ^= hash << 11;
      return hash + (hash >> 17);
    case 1:
      hash += static_cast<unsigned char>(at[0]);
      hash ^= hash << 10;
      return hash + (hash >> 1);
    default:
      return hash;
  }
}

}  // namespace

std::uint32_t Hsieh(absl::string_view key) {
  std::uint32_t hash = 0;
  const char* at = key.data();
  std::size_t left = key.size();
  for (; left >= 4; left -= 4, at += 4) {
    hash += LoadWord16(at);
    hash = (hash << 16) ^ (LoadWord16(at + 2) << 11) ^ hash;
    hash += hash >> 11;
  }
  hash = AddTail(hash, at, left);
  hash ^= hash << 3;
  hash += hash >> 5;
  hash ^= hash << 4;
  hash += hash >> 17;
  hash ^= hash << 25;
  return hash + (hash >> 6);
}

}  // namespace ringcache::hashring

#include "hashring/hash/one_at_a_time.h"

#include "hashring/hash/little_endian.h"

namespace ringcache::hashring {

std::uint32_t OneAtATime(absl::string_view key) {
  std::uint32_t hash = 0;
  for (const char byte : key) {
    hash += SignedByte(byte);
    hash += hash << 10;
    hash ^= hash >> 6;
  }
  hash += hash << 3;
  hash ^= hash >> 11;
  return hash + (hash << 15);
}

}  // namespace ringcache::hashring

#include "hashring/placement/crc32.h"

#include "hashring/hash/crc.h"
#include "hashring/placement/salted_rank.h"

namespace ringcache::hashring {
namespace {

std::uint64_t HashDefault(absl::string_view key) { return Crc32(key); }

}  // namespace

Crc32Placement::Crc32Placement(std::uint32_t slots) : HashPlacement(HashDefault, slots) {}

std::uint32_t Crc32Placement::LocateHash(std::uint64_t hash) const {
  return static_cast<std::uint32_t>(hash & 0x7fffffff) % slots();
}

std::size_t Crc32Placement::RankHash(std::uint64_t hash, absl::Span<std::uint32_t> ranked) const {
  return RankBySalt(hash, slots(), LocateHash(hash), ranked,
                    [this](std::uint64_t salted) { return LocateHash(salted); });
}

}  // namespace ringcache::hashring

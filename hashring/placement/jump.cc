#include "hashring/placement/jump.h"

#include "hashring/placement/salted_rank.h"

namespace ringcache::hashring {

Jump::Jump(std::uint32_t slots, KeyHash key_hash)
    : HashPlacement(HasherOf(key_hash, HashWide), slots) {}

std::uint32_t Jump::LocateHash(std::uint64_t hash) const {
  // Each step of the generator says where the key would jump next, were there ever more slots.
  std::int64_t slot = -1;
  std::int64_t next = 0;
  while (next < std::int64_t{slots()}) {
    slot = next;
    hash = hash * 2862933555777941757u + 1;
    next = static_cast<std::int64_t>(
        static_cast<double>(slot + 1) *
        (static_cast<double>(std::int64_t{1} << 31) / static_cast<double>((hash >> 33) + 1)));
  }
  return static_cast<std::uint32_t>(slot);
}

std::size_t Jump::RankHash(std::uint64_t hash, absl::Span<std::uint32_t> ranked) const {
  return RankBySalt(hash, slots(), LocateHash(hash), ranked,
                    [this](std::uint64_t salted) { return LocateHash(salted); });
}

}  // namespace ringcache::hashring

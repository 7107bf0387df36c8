#include "hashring/placement/ch3.h"

#include "hashring/hash/furc.h"
#include "hashring/placement/salted_rank.h"

namespace ringcache::hashring {

Ch3::Ch3(std::uint32_t slots) : HashPlacement(FurcHash, slots) {}

std::uint32_t Ch3::LocateHash(std::uint64_t hash) const { return Furc(hash, slots()); }

std::size_t Ch3::RankHash(std::uint64_t hash, absl::Span<std::uint32_t> ranked) const {
  return RankBySalt(hash, slots(), LocateHash(hash), ranked,
                    [this](std::uint64_t salted) { return LocateHash(salted); });
}

}  // namespace ringcache::hashring

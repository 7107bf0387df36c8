#include "hashring/placement/modulo.h"

#include "hashring/hash/one_at_a_time.h"
#include "hashring/placement/salted_rank.h"

namespace ringcache::hashring {
namespace {

std::uint64_t HashDefault(absl::string_view key) { return OneAtATime(key); }

}  // namespace

Modulo::Modulo(std::uint32_t slots, KeyHash key_hash)
    : HashPlacement(HasherOf(key_hash, HashDefault), slots) {}

std::uint32_t Modulo::LocateHash(std::uint64_t hash) const {
  return static_cast<std::uint32_t>(hash) % slots();
}

std::size_t Modulo::RankHash(std::uint64_t hash, absl::Span<std::uint32_t> ranked) const {
  return RankBySalt(hash, slots(), LocateHash(hash), ranked,
                    [this](std::uint64_t salted) { return LocateHash(salted); });
}

}  // namespace ringcache::hashring

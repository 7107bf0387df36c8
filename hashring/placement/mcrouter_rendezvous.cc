#include "hashring/placement/mcrouter_rendezvous.h"

#include <algorithm>

#include "hashring/hash/hash_128_to_64.h"
#include "hashring/hash/murmur.h"
#include "hashring/placement/node_name.h"
#include "hashring/placement/top_scores.h"

namespace ringcache::hashring {
namespace {

// mcrouter's; different, so that a key that is a member's name has no score out of the ordinary.
constexpr std::uint64_t kNameSeed = 4193360111;
constexpr std::uint64_t kKeySeed = 2718281828;

std::uint64_t HashForScores(absl::string_view key) { return Murmur64A(key, kKeySeed); }

double Score(std::uint64_t name_hash, std::uint64_t key_hash) {
  return static_cast<double>(Hash128To64(name_hash, key_hash));
}

// No more whole numbers than this are the same as a `double`, as it has 53 bits of them.
constexpr std::uint64_t kSameAsDouble = std::uint64_t{1} << (64 - 53);

}  // namespace

McrouterRendezvous::McrouterRendezvous(absl::Span<const Member> members)
    : HashPlacement(HashForScores, static_cast<std::uint32_t>(members.size())) {
  name_hashes_.reserve(members.size());
  for (const Member& member : members) {
    name_hashes_.push_back(Murmur64A(NodeName(member), kNameSeed));
  }
}

std::uint32_t McrouterRendezvous::LocateHash(std::uint64_t hash) const {
  std::uint32_t best = 0;
  std::uint64_t best_score = 0;
  // What is below cannot be the same as the best, so that most scores need no `double`: there is no
  // instruction that makes one of 64 unsigned bits, and with them it takes six times as long.
  std::uint64_t candidates = 0;
  for (std::uint32_t slot = 0; slot < slots(); ++slot) {
    const std::uint64_t score = Hash128To64(name_hashes_[slot], hash);
    if (score < candidates) continue;
    if (static_cast<double>(score) < static_cast<double>(best_score)) continue;
    best = slot;
    best_score = score;
    candidates = score - std::min(score, kSameAsDouble);
  }
  return best;
}

std::size_t McrouterRendezvous::RankHash(std::uint64_t hash,
                                         absl::Span<std::uint32_t> ranked) const {
  TopScores top(std::min<std::size_t>(ranked.size(), slots()));
  for (std::uint32_t slot = 0; slot < slots(); ++slot) {
    top.Offer({Score(name_hashes_[slot], hash), slot, slot});
  }
  return top.Take(ranked);
}

}  // namespace ringcache::hashring

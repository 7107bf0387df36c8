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
  double best_score = -1;
  for (std::uint32_t slot = 0; slot < slots(); ++slot) {
    const double score = Score(name_hashes_[slot], hash);
    if (score >= best_score) {
      best = slot;
      best_score = score;
    }
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

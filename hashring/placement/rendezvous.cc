#include "hashring/placement/rendezvous.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "absl/strings/str_cat.h"
#include "hashring/placement/node_name.h"
#include "hashring/placement/top_scores.h"

namespace ringcache::hashring {
namespace {

constexpr std::uint32_t kSeed = 0;

}  // namespace

Rendezvous::Rendezvous(absl::Span<const Member> members) {
  std::vector<std::string> names;
  names.reserve(members.size());
  nodes_.reserve(members.size());
  for (const Member& member : members) {
    names.push_back(NodeName(member));
    nodes_.push_back({Murmur3Prefix(absl::StrCat(names.back(), "-"), kSeed), 0});
  }
  std::vector<std::uint32_t> by_name(members.size());
  std::iota(by_name.begin(), by_name.end(), 0);
  std::stable_sort(by_name.begin(), by_name.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return names[a] < names[b]; });
  for (std::uint32_t i = 0; i < by_name.size(); ++i) nodes_[by_name[i]].name_rank = i;
}

std::uint32_t Rendezvous::Locate(absl::string_view key) const {
  std::uint32_t best = 0;
  std::uint32_t best_score = nodes_[0].prefix.HashWith(key);
  for (std::uint32_t slot = 1; slot < nodes_.size(); ++slot) {
    const std::uint32_t score = nodes_[slot].prefix.HashWith(key);
    if (score > best_score ||
        (score == best_score && nodes_[slot].name_rank > nodes_[best].name_rank)) {
      best = slot;
      best_score = score;
    }
  }
  return best;
}

std::size_t Rendezvous::Rank(absl::string_view key, absl::Span<std::uint32_t> ranked) const {
  TopScores top(std::min<std::size_t>(ranked.size(), nodes_.size()));
  for (std::uint32_t slot = 0; slot < nodes_.size(); ++slot) {
    const Node& node = nodes_[slot];
    top.Offer({static_cast<double>(node.prefix.HashWith(key)), node.name_rank, slot});
  }
  return top.Take(ranked);
}

}  // namespace ringcache::hashring

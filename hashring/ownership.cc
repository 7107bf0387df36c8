#include "hashring/ownership.h"

#include <cstddef>

#include "hashring/placement/placement_kind.h"

namespace ringcache::hashring {

Ownership OwnershipOf(const Ring& ring, std::uint64_t keys) {
  Ownership ownership;
  ownership.shares.resize(ring.members().size());
  const KeySpace space = ring.Arcs();
  if (!space.arcs.empty()) {
    std::uint64_t begin = 0;
    for (const KeySpace::Arc& arc : space.arcs) {
      ownership.shares[arc.slot] += static_cast<double>(arc.end - begin);
      begin = arc.end;
    }
    for (double& share : ownership.shares) share /= static_cast<double>(space.size);
    return ownership;
  }
  std::vector<std::uint64_t> owned(ring.members().size());
  SampleKey key;
  for (std::uint64_t i = 0; i < keys; ++i) ++owned[ring.MemberOf(key.Text(i))];
  for (std::size_t i = 0; i < owned.size(); ++i) {
    ownership.shares[i] = static_cast<double>(owned[i]) / static_cast<double>(keys);
  }
  ownership.measured_keys = keys;
  return ownership;
}

std::vector<double> FairShares(const Ring& ring) {
  const bool weighted = RowOf(ring.options().placement).weighted;
  std::vector<double> shares;
  double sum = 0;
  for (const Member& member : ring.members()) {
    shares.push_back(weighted ? member.weight : 1);
    sum += shares.back();
  }
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace ringcache::hashring

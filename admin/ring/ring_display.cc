#include "admin/ring/ring_display.h"

#include <algorithm>
#include <utility>

#include "admin/ring/hash_ring_view.h"

namespace ringcache::admin {

std::vector<std::shared_ptr<const RingView>> RingDisplay::Show(std::vector<PoolRing> pools) {
  // Held while shares are computed, so that two who ask at once do not both compute them.
  net::MutexLock lock(&mutex_);
  std::vector<Shares> shares;
  std::vector<std::shared_ptr<const RingView>> views;
  for (PoolRing& pool : pools) {
    const auto known = std::find_if(kept_.begin(), kept_.end(),
                                    [&pool](const Shares& kept) { return kept.ring == pool.ring; });
    shares.push_back(known != kept_.end()
                         ? *known
                         : Shares{pool.ring, std::make_shared<const hashring::Ownership>(
                                                 hashring::OwnershipOf(*pool.ring))});
    views.push_back(std::make_shared<HashRingView>(std::move(pool), *shares.back().ownership));
  }
  kept_ = std::move(shares);
  return views;
}

}  // namespace ringcache::admin

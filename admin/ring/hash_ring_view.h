// A hashring::Ring as an admin sees it.
//
// Thread safety: immutable.

#ifndef RINGCACHE_ADMIN_RING_HASH_RING_VIEW_H_
#define RINGCACHE_ADMIN_RING_HASH_RING_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "admin/backend/backend.h"
#include "admin/ring/pool_ring.h"
#include "hashring/ownership.h"
#include "hashring/ring.h"

namespace ringcache::admin {

class HashRingView final : public RingView {
 public:
  // `ownership` is that of pool.ring.
  HashRingView(PoolRing pool, const hashring::Ownership& ownership);

  const RingInfo& info() const override { return info_; }
  std::vector<std::uint32_t> Locate(absl::string_view key, std::size_t count) const override;
  absl::StatusOr<RingPlan> Plan(const MembershipChange& change) const override;

 private:
  const std::shared_ptr<const hashring::Ring> ring_;
  const RingInfo info_;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_RING_HASH_RING_VIEW_H_

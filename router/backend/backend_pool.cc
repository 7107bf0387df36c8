#include "router/backend/backend_pool.h"

#include <optional>
#include <utility>

#include "hashring/member.h"
#include "hashring/ring.h"

namespace ringcache::router {

namespace {

// Routes repeat requests that failed elsewhere.
BackendPoolOptions WithRequestsKept(BackendPoolOptions options) {
  options.cluster.member.connection.keep_requests = true;
  return options;
}

}  // namespace

BackendPool::BackendPool(client::ConnectionResources* resources, BackendPoolOptions options)
    : options_(WithRequestsKept(std::move(options))),
      resources_(*resources),
      pool_(resources, &options_.cluster) {}

absl::Status BackendPool::Update(const discovery::Snapshot& snapshot) {
  std::shared_ptr<const hashring::Ring> before = pool_.ring();
  absl::Status status = pool_.Update(snapshot);
  if (!status.ok() || before == nullptr || before == pool_.ring()) return status;
  previous_ring_ = std::move(before);
  warm_until_ = resources_.loop->MonotonicNow() + options_.warm_up;
  return status;
}

std::uint32_t BackendPool::PreviousOwnerOf(absl::string_view key) const {
  if (previous_ring_ == nullptr || resources_.loop->MonotonicNow() >= warm_until_) return kNone;
  const hashring::Member& before = previous_ring_->members()[previous_ring_->MemberOf(key)];
  const std::optional<std::uint32_t> index = pool_.ring()->Find(before.host, before.port);
  return index.has_value() && *index != OwnerOf(key) ? *index : kNone;
}

}  // namespace ringcache::router

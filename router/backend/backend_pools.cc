#include "router/backend/backend_pools.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hashring/placement/placement_kind.h"
#include "hashring/ring_options.h"

namespace ringcache::router {
namespace {

using hashring::PlacementKind;

absl::StatusOr<hashring::RingOptions> RingOf(const PoolConfig& config, const PoolUse& use) {
  hashring::RingOptions ring = use.ring;
  if (!use.names_placement) ring.placement = config.placement.value_or(ring.placement);
  if (config.listed) ring.ordering = hashring::Ordering::kListed;
  if (ring.placement == PlacementKind::kWeightedCh3) {
    ring.weights = use.weights.empty() ? config.weights : use.weights;
  } else if (!use.weights.empty()) {
    return absl::InvalidArgumentError("weights in a hash are for WeightedCh3");
  }
  if (!ring.weights.empty() && ring.weights.size() != config.address.members.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("there are ", ring.weights.size(), " weights for the ",
                     config.listed ? config.address.members.size() : 0, " \"servers\" of pool ",
                     config.name, "; write one for each"));
  }
  if (absl::Status status = ring.Validate(); !status.ok()) return status;
  return ring;
}

absl::StatusOr<BackendPoolOptions> OptionsOf(const client::ClusterOptions& defaults,
                                             const PoolConfig& config, const PoolUse& use) {
  absl::StatusOr<hashring::RingOptions> ring = RingOf(config, use);
  if (!ring.ok()) return ring.status();
  BackendPoolOptions options;
  options.name = config.name;
  options.cluster = defaults;
  options.cluster.ring = *std::move(ring);
  options.cluster.identity = config.identity.value_or(defaults.identity);
  options.cluster.timeout = config.timeout.value_or(defaults.timeout);
  if (config.max_down.has_value()) {
    options.cluster.max_down_share = config.max_down->share;
    options.cluster.max_down_members = config.max_down->members;
  }
  client::MemberOptions& member = options.cluster.member;
  member.connections = config.connections.value_or(member.connections);
  member.connection.connect_timeout =
      config.connect_timeout.value_or(member.connection.connect_timeout);
  options.warm_up = config.warm_up;
  if (absl::Status status = options.cluster.Validate(); !status.ok()) return status;
  return options;
}

// All in which two pools of one name and one worker can differ.
bool AreAlike(const BackendPoolOptions& a, const BackendPoolOptions& b) {
  return a.cluster.ring == b.cluster.ring && a.cluster.identity == b.cluster.identity &&
         a.cluster.timeout == b.cluster.timeout &&
         a.cluster.max_down_share == b.cluster.max_down_share &&
         a.cluster.max_down_members == b.cluster.max_down_members &&
         a.cluster.member.connections == b.cluster.member.connections &&
         a.cluster.member.connection.connect_timeout ==
             b.cluster.member.connection.connect_timeout &&
         a.warm_up == b.warm_up;
}

// Weights are of as many members as their configuration lists. Other members are another
// configuration's, whose routes and pools come after its members.
bool HasWeightsForOthers(const BackendPool& pool, const discovery::Snapshot& snapshot) {
  const std::vector<double>& weights = pool.options().cluster.ring.weights;
  return !weights.empty() && weights.size() != snapshot.members.size();
}

}  // namespace

BackendPools::BackendPools(client::ConnectionResources* resources, client::ClusterOptions defaults)
    : resources_(resources), defaults_(std::move(defaults)) {}

BackendPools::~BackendPools() { assert(size() == 0); }

absl::StatusOr<BackendPool*> BackendPools::PoolFor(const PoolConfig& config, const PoolUse& use) {
  absl::StatusOr<BackendPoolOptions> options = OptionsOf(defaults_, config, use);
  if (!options.ok()) return options.status();
  Named& named = pools_[config.name];
  for (Entry& entry : named.entries) {
    if (!AreAlike(entry.pool->options(), *options)) continue;
    ++entry.users;
    return entry.pool.get();
  }
  Entry entry{std::make_unique<BackendPool>(resources_, *std::move(options)), 1};
  // Members that do not go with the new options are the old configuration's: the new one's come.
  if (named.snapshot != nullptr) entry.pool->Update(*named.snapshot).IgnoreError();
  named.entries.push_back(std::move(entry));
  return named.entries.back().pool.get();
}

void BackendPools::Release(BackendPool* pool) {
  const auto named = pools_.find(pool->name());
  std::vector<Entry>& entries = named->second.entries;
  const auto entry = std::find_if(entries.begin(), entries.end(),
                                  [pool](const Entry& entry) { return entry.pool.get() == pool; });
  if (--entry->users > 0) return;
  const std::unique_ptr<BackendPool> leaving = std::move(entry->pool);
  entries.erase(entry);
  if (entries.empty()) pools_.erase(named);
}

absl::Status BackendPools::Update(const std::string& name,
                                  std::shared_ptr<const discovery::Snapshot> snapshot) {
  Named& named = pools_[name];
  named.snapshot = std::move(snapshot);
  absl::Status first_error;
  for (Entry& entry : named.entries) {
    if (HasWeightsForOthers(*entry.pool, *named.snapshot)) continue;
    first_error.Update(entry.pool->Update(*named.snapshot));
  }
  return first_error;
}

void BackendPools::Close() {
  for (auto& [name, named] : pools_) {
    for (Entry& entry : named.entries) entry.pool->Close();
  }
}

void BackendPools::ForEach(absl::FunctionRef<void(const BackendPool&)> visit) const {
  for (const auto& [name, named] : pools_) {
    for (const Entry& entry : named.entries) visit(*entry.pool);
  }
}

std::size_t BackendPools::size() const {
  std::size_t pools = 0;
  for (const auto& [name, named] : pools_) pools += named.entries.size();
  return pools;
}

}  // namespace ringcache::router

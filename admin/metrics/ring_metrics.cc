#include "admin/metrics/ring_metrics.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace ringcache::admin {
namespace {

using RingList = std::vector<const RingInfo*>;

struct StateName {
  MemberState state;
  absl::string_view name;
};
constexpr StateName kStateNames[] = {{MemberState::kUnknown, "unknown"},
                                     {MemberState::kUp, "up"},
                                     {MemberState::kDown, "down"},
                                     {MemberState::kVanished, "vanished"}};

struct ShareRow {
  absl::string_view name;
  absl::string_view help;
  double RingMember::*value;
};
constexpr ShareRow kShares[] = {
    {"ringcache_ring_member_share", "Of all keys, what the member owns, from 0 to 1.",
     &RingMember::share},
    {"ringcache_ring_member_fair_share", "Of all keys, what the member should own, from 0 to 1.",
     &RingMember::fair_share},
    {"ringcache_ring_member_weight", "The member's weight.", &RingMember::weight},
};

// Pools by name, each once.
RingList Each(const std::vector<std::shared_ptr<const RingView>>& rings) {
  RingList infos;
  absl::flat_hash_set<absl::string_view> seen;
  for (const auto& ring : rings) {
    if (seen.insert(ring->info().pool).second) infos.push_back(&ring->info());
  }
  return infos;
}

void AddPools(const RingList& rings, Families* families) {
  families->Begin("ringcache_ring_info", "Always 1; the labels say how keys are placed.",
                  MetricType::kGauge);
  for (const RingInfo* ring : rings) {
    families->Add(
        {{"pool", ring->pool}, {"placement", ring->placement}, {"key_hash", ring->key_hash}}, 1);
  }
  families->Begin("ringcache_ring_version", "Rises with each change of the members.",
                  MetricType::kGauge);
  for (const RingInfo* ring : rings) {
    families->Add({{"pool", ring->pool}}, static_cast<double>(ring->version));
  }
  families->Begin("ringcache_ring_members", "Members on the ring.", MetricType::kGauge);
  for (const RingInfo* ring : rings) {
    families->Add({{"pool", ring->pool}}, static_cast<double>(ring->members.size()));
  }
  families->Begin("ringcache_ring_members_by_state", "Members on the ring that are in a state.",
                  MetricType::kGauge);
  for (const RingInfo* ring : rings) {
    for (const StateName& row : kStateNames) {
      const auto count =
          std::count_if(ring->members.begin(), ring->members.end(),
                        [&row](const RingMember& member) { return member.state == row.state; });
      families->Add({{"pool", ring->pool}, {"state", std::string(row.name)}},
                    static_cast<double>(count));
    }
  }
}

void AddShares(const RingList& rings, Families* families) {
  for (const ShareRow& row : kShares) {
    families->Begin(row.name, row.help, MetricType::kGauge);
    for (const RingInfo* ring : rings) {
      absl::flat_hash_set<absl::string_view> seen;
      for (const RingMember& member : ring->members) {
        if (!seen.insert(member.name).second) continue;
        families->Add({{"pool", ring->pool}, {"member", member.name}}, member.*row.value);
      }
    }
  }
}

}  // namespace

void AddRings(const absl::StatusOr<std::vector<std::shared_ptr<const RingView>>>& rings,
              Families* families) {
  if (absl::IsFailedPrecondition(rings.status())) return;
  families->AddGauge("ringcache_discovery_ready", "1 once the members of all pools are known.",
                     rings.ok());
  if (!rings.ok()) return;
  const RingList infos = Each(*rings);
  AddPools(infos, families);
  AddShares(infos, families);
}

}  // namespace ringcache::admin

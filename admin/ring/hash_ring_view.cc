#include "admin/ring/hash_ring_view.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/types/span.h"
#include "admin/ring/membership.h"
#include "hashring/member_name.h"
#include "hashring/ring_diff.h"

namespace ringcache::admin {
namespace {

using hashring::Ring;

// Of a placement whose shares are measured: enough to tell a hundredth, within a few milliseconds.
constexpr std::uint64_t kPlanKeys = 100'000;

RingInfo InfoOf(const PoolRing& pool, const hashring::Ownership& ownership) {
  const Ring& ring = *pool.ring;
  RingInfo info;
  info.pool = pool.pool;
  info.placement = std::string(RowOf(ring.options().placement).name);
  info.key_hash = std::string(NameOf(ring.options().key_hash));
  info.version = pool.version;
  info.measured_keys = ownership.measured_keys;
  const std::vector<double> fair = hashring::FairShares(ring);
  for (std::size_t i = 0; i < ring.members().size(); ++i) {
    RingMember member;
    member.name = NameOf(ring.members()[i]);
    member.weight = ring.members()[i].weight;
    member.share = ownership.shares[i];
    member.fair_share = fair[i];
    if (i < pool.members.size()) {
      member.address = pool.members[i].address;
      member.state = pool.members[i].state;
    }
    info.members.push_back(std::move(member));
  }
  return info;
}

}  // namespace

HashRingView::HashRingView(PoolRing pool, const hashring::Ownership& ownership)
    : ring_(pool.ring), info_(InfoOf(pool, ownership)) {}

std::vector<std::uint32_t> HashRingView::Locate(absl::string_view key, std::size_t count) const {
  std::vector<std::uint32_t> members(std::min(count, info_.members.size()));
  members.resize(ring_->Replicas(key, absl::MakeSpan(members)));
  return members;
}

absl::StatusOr<RingPlan> HashRingView::Plan(const MembershipChange& change) const {
  auto members = MembersAfter(ring_->members(), change);
  if (!members.ok()) return members.status();
  const auto changed = Ring::Create(ring_->options(), *std::move(members));
  if (!changed.ok()) return changed.status();
  const hashring::RingDiff diff = hashring::Diff(*ring_, **changed, kPlanKeys);
  RingPlan plan;
  plan.moved = diff.moved;
  plan.optimum = diff.optimum;
  plan.moved_between_stayers = diff.moved_between_stayers;
  plan.measured_keys = diff.measured_keys;
  plan.before = info_;
  PoolRing after{.pool = info_.pool, .version = 0, .ring = *changed, .members = {}};
  for (const hashring::Member& member : (*changed)->members()) {
    const auto stays = ring_->Find(member.host, member.port);
    after.members.push_back(
        stays ? PoolRing::Member{info_.members[*stays].address, info_.members[*stays].state}
              : PoolRing::Member());
  }
  plan.after = InfoOf(after, hashring::OwnershipOf(**changed, kPlanKeys));
  for (const hashring::RingDiff::Move& move : diff.moves) {
    plan.moves.push_back(
        {plan.before.members[move.from].name, plan.after.members[move.to].name, move.share});
  }
  return plan;
}

}  // namespace ringcache::admin

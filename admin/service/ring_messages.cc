#include "admin/service/ring_messages.h"

#include "admin/service/utf8_text.h"

namespace ringcache::admin {
namespace {

v1::Ring::Member::State StateOf(MemberState state) {
  switch (state) {
    case MemberState::kUnknown:
      return v1::Ring::Member::UNKNOWN;
    case MemberState::kUp:
      return v1::Ring::Member::UP;
    case MemberState::kDown:
      return v1::Ring::Member::DOWN;
    case MemberState::kVanished:
      return v1::Ring::Member::VANISHED;
  }
  return v1::Ring::Member::UNKNOWN;
}

}  // namespace

void Describe(const RingInfo& info, v1::Ring* message) {
  message->set_pool(Utf8Text(info.pool));
  message->set_placement(Utf8Text(info.placement));
  message->set_key_hash(Utf8Text(info.key_hash));
  message->set_version(info.version);
  message->set_measured_keys(info.measured_keys);
  for (const RingMember& member : info.members) {
    v1::Ring::Member* one = message->add_members();
    one->set_name(Utf8Text(member.name));
    one->set_address(Utf8Text(member.address));
    one->set_weight(member.weight);
    one->set_state(StateOf(member.state));
    one->set_share(member.share);
    one->set_fair_share(member.fair_share);
  }
}

void Describe(const std::vector<std::shared_ptr<const RingView>>& rings, v1::Rings* message) {
  for (const auto& ring : rings) Describe(ring->info(), message->add_rings());
}

void Describe(const RingPlan& plan, v1::Plan* message) {
  message->set_moved(plan.moved);
  message->set_optimum(plan.optimum);
  message->set_moved_between_stayers(plan.moved_between_stayers);
  message->set_measured_keys(plan.measured_keys);
  for (const RingPlan::Move& move : plan.moves) {
    if (message->moves_size() == kMaxMoves) break;
    v1::Plan::Move* one = message->add_moves();
    one->set_from(Utf8Text(move.from));
    one->set_to(Utf8Text(move.to));
    one->set_share(move.share);
  }
  Describe(plan.before, message->mutable_before());
  Describe(plan.after, message->mutable_after());
}

}  // namespace ringcache::admin

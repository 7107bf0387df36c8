#include "admin/ring/ring_display.h"

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hashring/member.h"
#include "hashring/ring.h"

namespace ringcache::admin {
namespace {

using hashring::Ring;

std::shared_ptr<const Ring> RingOf(
    int members, hashring::PlacementKind kind = hashring::PlacementKind::kKetama) {
  std::vector<hashring::Member> list;
  for (int i = 0; i < members; ++i) {
    list.push_back({.host = "cache-" + std::to_string(i) + ".cache", .port = 11211});
  }
  return Ring::Create({.placement = kind}, std::move(list)).value();
}

std::shared_ptr<const RingView> Show(std::shared_ptr<const Ring> ring) {
  RingDisplay display;
  return display.Show({{.pool = "main", .version = 7, .ring = std::move(ring), .members = {}}})[0];
}

TEST(RingDisplayTest, SharesAddUpToAllKeys) {
  const auto view = Show(RingOf(5));
  double owned = 0;
  double fair = 0;
  for (const RingMember& member : view->info().members) {
    owned += member.share;
    fair += member.fair_share;
  }
  EXPECT_NEAR(owned, 1, 1e-9);
  EXPECT_NEAR(fair, 1, 1e-9);
  EXPECT_EQ(view->info().measured_keys, 0u);
}

TEST(RingDisplayTest, TellsHowTheRingIsMade) {
  const auto view = Show(RingOf(2));
  EXPECT_EQ(view->info().pool, "main");
  EXPECT_EQ(view->info().placement, "ketama");
  EXPECT_EQ(view->info().version, 7u);
  EXPECT_EQ(view->info().members[1].name, "cache-1.cache:11211");
}

TEST(RingDisplayTest, MembersHaveTheirAddressesAndStates) {
  RingDisplay display;
  const auto ring = RingOf(2);
  std::vector<PoolRing::Member> members = {{"10.0.0.1:11211", MemberState::kUp},
                                           {"", MemberState::kVanished}};
  const auto first = display.Show({{"main", 1, ring, members}});
  EXPECT_EQ(first[0]->info().members[0].address, "10.0.0.1:11211");
  EXPECT_EQ(first[0]->info().members[1].state, MemberState::kVanished);
  // The same ring, whose shares are known, and another state.
  members[0].state = MemberState::kDown;
  const auto second = display.Show({{"main", 1, ring, members}});
  EXPECT_EQ(second[0]->info().members[0].state, MemberState::kDown);
  EXPECT_EQ(second[0]->info().members[0].share, first[0]->info().members[0].share);
}

TEST(RingDisplayTest, EachPoolHasItsOwnShares) {
  RingDisplay display;
  const auto views = display.Show({{"a", 1, RingOf(2), {}}, {"b", 1, RingOf(4), {}}});
  EXPECT_GT(views[0]->info().members[0].share, 0.3);
  EXPECT_LT(views[1]->info().members[0].share, 0.4);
}

TEST(HashRingViewTest, AKeyIsWhereTheRingPutsIt) {
  const auto ring = RingOf(5);
  const auto view = Show(ring);
  for (const char* key : {"a", "user:1", "session:9"}) {
    const std::vector<std::uint32_t> members = view->Locate(key, 3);
    ASSERT_EQ(members.size(), 3u);
    EXPECT_EQ(members[0], ring->MemberOf(key));
    EXPECT_NE(members[0], members[1]);
  }
  EXPECT_EQ(view->Locate("a", 100).size(), 5u);
}

TEST(HashRingViewTest, APlanSaysWhatScalingWouldMove) {
  for (const auto kind : {hashring::PlacementKind::kKetama, hashring::PlacementKind::kCh3}) {
    const auto plan = Show(RingOf(4, kind))->Plan({.count = 5});
    ASSERT_TRUE(plan.ok()) << plan.status();
    EXPECT_NEAR(plan->optimum, 0.2, 1e-6);
    EXPECT_NEAR(plan->moved, 0.2, 0.06);
    EXPECT_NEAR(plan->moved_between_stayers, 0, 1e-6);
    EXPECT_EQ(plan->after.members.size(), 5u);
    double moves = 0;
    for (const RingPlan::Move& move : plan->moves) {
      EXPECT_EQ(move.to, "cache-4.cache:11211");
      moves += move.share;
    }
    EXPECT_NEAR(moves, plan->moved, 1e-6);
  }
}

TEST(HashRingViewTest, MembersThatStayKeepTheirStates) {
  RingDisplay display;
  const auto view = display.Show(
      {{"main",
        1,
        RingOf(2),
        {{"10.0.0.1:11211", MemberState::kUp}, {"10.0.0.2:11211", MemberState::kDown}}}})[0];
  const auto plan = view->Plan({.count = 3});
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->after.members[1].state, MemberState::kDown);
  EXPECT_EQ(plan->after.members[1].address, "10.0.0.2:11211");
  EXPECT_EQ(plan->after.members[2].state, MemberState::kUnknown);
}

TEST(HashRingViewTest, AChangeThatCannotBeIsRefused) {
  EXPECT_EQ(Show(RingOf(2))->Plan({.remove = {"nobody:1"}}).status().message(),
            "nobody:1 cannot leave: it is no member of the pool");
}

}  // namespace
}  // namespace ringcache::admin

#include "hashring/ring_diff.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hashring/placement/placement_kind.h"

namespace ringcache::hashring {
namespace {

using ::testing::IsEmpty;

constexpr std::uint64_t kKeys = 20'000;

using RingPointer = std::shared_ptr<const Ring>;

std::vector<Member> PodsBelow(int count) {
  std::vector<Member> pods;
  for (int i = 0; i < count; ++i) pods.push_back({.host = absl::StrCat("cache-", i)});
  return pods;
}

RingPointer Build(const RingOptions& options, std::vector<Member> members) {
  return *Ring::Create(options, std::move(members));
}

RingPointer Build(PlacementKind placement, int pods) {
  return Build({.placement = placement}, PodsBelow(pods));
}

// What the first `kKeys` sample keys say.
RingDiff Measure(const Ring& from, const Ring& to) {
  RingDiff diff;
  SampleKey key;
  for (std::uint64_t i = 0; i < kKeys; ++i) {
    const Member& before = from.members()[from.MemberOf(key.Text(i))];
    const Member& after = to.members()[to.MemberOf(key.Text(i))];
    if (before.host == after.host && before.port == after.port) continue;
    diff.moved += 1.0 / kKeys;
    if (to.Find(before.host, before.port) && from.Find(after.host, after.port)) {
      diff.moved_between_stayers += 1.0 / kKeys;
    }
  }
  return diff;
}

TEST(RingDiffTest, OfARingAndItselfIsEmpty) {
  for (const PlacementRow& row : kPlacements) {
    const RingPointer ring = Build(row.kind, 4);
    const RingDiff diff = Diff(*ring, *ring, kKeys);
    EXPECT_THAT(diff.moves, IsEmpty()) << row.name;
    EXPECT_EQ(diff.moved, 0);
    EXPECT_EQ(diff.optimum, 0);
  }
}

TEST(RingDiffTest, SaysWhatEveryKeySays) {
  for (const PlacementRow& row : kPlacements) {
    const RingPointer from = Build(row.kind, 4), to = Build(row.kind, 6);
    const RingDiff diff = Diff(*from, *to, kKeys);
    const RingDiff expected = Measure(*from, *to);
    // Exact shares lie within five standard deviations of measured ones.
    const double tolerance = diff.measured_keys > 0 ? 1e-9 : 0.02;
    EXPECT_NEAR(diff.moved, expected.moved, tolerance) << row.name;
    EXPECT_NEAR(diff.moved_between_stayers, expected.moved_between_stayers, tolerance) << row.name;
  }
}

TEST(RingDiffTest, IsExactWhereBothHaveArcs) {
  EXPECT_EQ(
      Diff(*Build(PlacementKind::kKetama, 3), *Build(PlacementKind::kKetama, 4)).measured_keys, 0u);
  EXPECT_EQ(
      Diff(*Build(PlacementKind::kJump, 3), *Build(PlacementKind::kJump, 4), 10).measured_keys,
      10u);
}

TEST(RingDiffTest, LaysArcsOverEachOtherOnlyInOneKeySpace) {
  const RingPointer ring = Build(PlacementKind::kKetama, 3);
  for (const RingOptions& other :
       {RingOptions{.key_hash = KeyHash::kFnv1a_64}, RingOptions{.hash_tag = "{}"},
        RingOptions{.placement = PlacementKind::kMaglev}}) {
    EXPECT_EQ(Diff(*ring, *Build(other, PodsBelow(3)), 10).measured_keys, 10u);
  }
}

TEST(RingDiffTest, GoesOneWayAsMuchAsTheOther) {
  const RingPointer three = Build(PlacementKind::kKetama, 3),
                    five = Build(PlacementKind::kKetama, 5);
  EXPECT_DOUBLE_EQ(Diff(*three, *five).moved, Diff(*five, *three).moved);
}

TEST(RingDiffTest, ListsMovesFromTheLargest) {
  const RingPointer from = Build(PlacementKind::kKetama, 3), to = Build(PlacementKind::kKetama, 5);
  const RingDiff diff = Diff(*from, *to);
  ASSERT_GE(diff.moves.size(), 6u);  // three to each of the two new ones
  double sum = 0;
  for (std::size_t i = 0; i < diff.moves.size(); ++i) {
    EXPECT_LE(diff.moves[i].share, diff.moves[i == 0 ? 0 : i - 1].share);
    EXPECT_GT(diff.moves[i].share, 0);
    EXPECT_NE(from->members()[diff.moves[i].from].host, to->members()[diff.moves[i].to].host);
    sum += diff.moves[i].share;
  }
  EXPECT_DOUBLE_EQ(sum, diff.moved);
}

TEST(RingDiffTest, KnowsMembersByHostAndPort) {
  std::vector<Member> moved = PodsBelow(3);
  for (Member& member : moved) member.port = 5000;
  const RingPointer ring = Build(PlacementKind::kJump, 3);
  const RingDiff diff = Diff(*ring, *Build({.placement = PlacementKind::kJump}, moved), kKeys);
  EXPECT_DOUBLE_EQ(diff.moved, 1);
  EXPECT_EQ(diff.moved_between_stayers, 0);
  EXPECT_DOUBLE_EQ(diff.optimum, 1);
}

TEST(RingDiffTest, OptimumIsWhatNewMembersShouldGet) {
  EXPECT_DOUBLE_EQ(
      Diff(*Build(PlacementKind::kJump, 3), *Build(PlacementKind::kJump, 4), 1).optimum, 1.0 / 4);
  EXPECT_DOUBLE_EQ(
      Diff(*Build(PlacementKind::kJump, 4), *Build(PlacementKind::kJump, 3), 1).optimum, 1.0 / 4);
  EXPECT_DOUBLE_EQ(
      Diff(*Build(PlacementKind::kJump, 2), *Build(PlacementKind::kJump, 8), 1).optimum, 6.0 / 8);
}

TEST(RingDiffTest, OptimumFollowsWeights) {
  std::vector<Member> members = PodsBelow(2);
  const RingPointer even = Build({}, members);
  members[1].weight = 3;
  EXPECT_DOUBLE_EQ(Diff(*even, *Build({}, members)).optimum, 0.25);
}

}  // namespace
}  // namespace ringcache::hashring

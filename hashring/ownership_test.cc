#include "hashring/ownership.h"

#include <cmath>
#include <memory>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hashring/placement/placement_kind.h"

namespace ringcache::hashring {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

std::shared_ptr<const Ring> RingOf(PlacementKind placement, std::vector<std::uint32_t> weights) {
  std::vector<Member> members;
  for (const std::uint32_t weight : weights) {
    members.push_back({.host = absl::StrCat("cache-", members.size()), .weight = weight});
  }
  return *Ring::Create({.placement = placement}, members);
}

TEST(OwnershipTest, AddsUpToOne) {
  for (const PlacementRow& row : kPlacements) {
    const Ownership ownership = OwnershipOf(*RingOf(row.kind, {1, 1, 1, 1, 1}), 1000);
    EXPECT_EQ(ownership.shares.size(), 5u);
    EXPECT_NEAR(std::accumulate(ownership.shares.begin(), ownership.shares.end(), 0.0), 1, 1e-12)
        << row.name;
  }
}

TEST(OwnershipTest, IsExactWhereThereAreArcs) {
  const auto ring = RingOf(PlacementKind::kKetama, {1, 1, 1});
  const Ownership ownership = OwnershipOf(*ring);
  EXPECT_EQ(ownership.measured_keys, 0u);
  // What a sample measures lies around it.
  constexpr std::uint64_t kKeys = 100'000;
  std::vector<double> measured(3);
  SampleKey key;
  for (std::uint64_t i = 0; i < kKeys; ++i) measured[ring->MemberOf(key.Text(i))] += 1.0 / kKeys;
  // Five standard deviations of a share of a third.
  const double tolerance = 5 * std::sqrt(2.0 / 9 / kKeys);
  EXPECT_THAT(ownership.shares,
              ElementsAre(DoubleNear(measured[0], tolerance), DoubleNear(measured[1], tolerance),
                          DoubleNear(measured[2], tolerance)));
}

TEST(OwnershipTest, IsMeasuredElsewhere) {
  const auto ring = RingOf(PlacementKind::kJump, {1, 1});
  const Ownership ownership = OwnershipOf(*ring, 4);
  EXPECT_EQ(ownership.measured_keys, 4u);
  std::vector<double> expected(2);
  for (const char* const key : {"key:0", "key:1", "key:2", "key:3"}) {
    expected[ring->MemberOf(key)] += 0.25;
  }
  EXPECT_EQ(ownership.shares, expected);
}

TEST(OwnershipTest, IsTheSameEveryTime) {
  const auto ring = RingOf(PlacementKind::kRendezvous, {1, 1, 1});
  EXPECT_EQ(OwnershipOf(*ring, 1000).shares, OwnershipOf(*ring, 1000).shares);
}

TEST(OwnershipTest, FairSharesFollowWeightsThatCount) {
  EXPECT_THAT(FairShares(*RingOf(PlacementKind::kKetama, {1, 2, 5})),
              ElementsAre(0.125, 0.25, 0.625));
  EXPECT_THAT(FairShares(*RingOf(PlacementKind::kJump, {1, 2, 5, 8})),
              ElementsAre(0.25, 0.25, 0.25, 0.25));
}

}  // namespace
}  // namespace ringcache::hashring

#include "hashring/placement/placement_factory.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

std::string ErrorOf(PlacementKind kind, KeyHash key_hash, const std::vector<Member>& members) {
  const auto placement = MakePlacement(kind, key_hash, members);
  EXPECT_FALSE(placement.ok());
  EXPECT_EQ(placement.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(placement.status().message());
}

TEST(PlacementFactoryTest, MakesEveryKind) {
  for (const PlacementRow& row : kPlacements) {
    const auto placement =
        MakePlacement(row.kind, KeyHash::kDefault, {Member{"a"}, Member{"b"}, Member{"c"}});
    ASSERT_TRUE(placement.ok()) << row.name << ": " << placement.status();
    EXPECT_EQ((*placement)->slots(), 3u) << row.name;
  }
}

TEST(PlacementFactoryTest, ARingNeedsAMember) {
  EXPECT_EQ(ErrorOf(PlacementKind::kKetama, KeyHash::kDefault, {}),
            "a ring of placement ketama has no members; it needs at least one");
}

TEST(PlacementFactoryTest, ThereIsAGreatestNumberOfMembers) {
  std::vector<Member> members(kMaxMembers, Member{"a"});
  EXPECT_TRUE(MakePlacement(PlacementKind::kCh3, KeyHash::kDefault, members).ok());
  members.push_back(Member{"a"});
  EXPECT_EQ(ErrorOf(PlacementKind::kCh3, KeyHash::kDefault, members),
            "a ring of placement ch3 has 16385 members; at most 16384 are allowed, as its tables "
            "grow with them");
}

TEST(PlacementFactoryTest, AWeightIsNotZero) {
  EXPECT_EQ(ErrorOf(PlacementKind::kMaglev, KeyHash::kDefault,
                    {Member{"a"}, Member{.host = "b", .port = 11212, .weight = 0}}),
            "member b:11212 has weight 0; a weight is at least 1, and a member that should get no "
            "keys is left out");
}

TEST(PlacementFactoryTest, AKeyHashIsTakenBySomeKinds) {
  for (const PlacementRow& row : kPlacements) {
    const auto placement = MakePlacement(row.kind, KeyHash::kFnv1a_64, {Member{"a"}, Member{"b"}});
    EXPECT_EQ(placement.ok(), row.takes_key_hash) << row.name;
  }
  EXPECT_EQ(
      ErrorOf(PlacementKind::kCh3, KeyHash::kFnv1a_64, {Member{"a"}}),
      "placement ch3 hashes keys in its own way, not by fnv1a_64; a key hash can be chosen for "
      "ketama, modulo, jump, maglev");
}

}  // namespace
}  // namespace ringcache::hashring

#include "hashring/placement/mcrouter_rendezvous.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

std::vector<std::uint32_t> Owners(const Placement& placement,
                                  const std::vector<std::string>& keys) {
  std::vector<std::uint32_t> owners;
  for (const std::string& key : keys) owners.push_back(placement.Locate(key));
  return owners;
}

std::vector<Member> Endpoints(std::size_t count) {
  std::vector<Member> members;
  for (std::size_t i = 0; i < count; ++i) {
    members.push_back({.host = absl::StrCat("xxx.", i, ".yy"), .port = 0});
  }
  return members;
}

std::vector<int> Counts(const Placement& placement, int keys) {
  std::vector<int> counts(placement.slots());
  for (int i = 0; i < keys; ++i) ++counts[placement.Locate(absl::StrCat("mykey:", i))];
  return counts;
}

// Of mcrouter's RendezvousHashTest.
TEST(McrouterRendezvousTest, IsMcrouters) {
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes.push_back(static_cast<char>(i - 128));
  const McrouterRendezvous three(Endpoints(3));
  EXPECT_EQ(Owners(three, {"sample", "", "mykey", all_bytes}),
            (std::vector<std::uint32_t>{1, 1, 1, 1}));
  const McrouterRendezvous many(Endpoints(343));
  EXPECT_EQ(Owners(many, {"sample", "", "mykey", all_bytes}),
            (std::vector<std::uint32_t>{45, 291, 132, 183}));
}

// Of the same.
TEST(McrouterRendezvousTest, SpreadsAsMcrouters) {
  EXPECT_EQ(Counts(McrouterRendezvous(Endpoints(3)), 1000), (std::vector<int>{337, 353, 310}));
  EXPECT_EQ(Counts(McrouterRendezvous(Endpoints(10)), 10000),
            (std::vector<int>{947, 1026, 1028, 981, 1016, 970, 1013, 939, 1023, 1057}));
}

// Of the same: how many of 10,000 keys move when one of 499 leaves.
TEST(McrouterRendezvousTest, MovesAsManyKeysAsMcrouters) {
  const std::vector<Member> all = Endpoints(499);
  const McrouterRendezvous before(all);
  const auto moved_without = [&](std::size_t slot) {
    std::vector<Member> rest = all;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(slot));
    const McrouterRendezvous after(rest);
    int moved = 0;
    for (int i = 0; i < 10000; ++i) {
      const std::string key = absl::StrCat("mykey:", i);
      moved += all[before.Locate(key)] != rest[after.Locate(key)];
    }
    return moved;
  };
  EXPECT_EQ(moved_without(0), 14);
  EXPECT_EQ(moved_without(498), 24);
  EXPECT_EQ(moved_without(499 / 2), 15);
}

// With one name many times every score is the same.
TEST(McrouterRendezvousTest, OfEqualScoresTheLastWins) {
  const McrouterRendezvous same(std::vector<Member>(20, Member{.host = "same"}));
  std::uint32_t ranked[3];
  for (int i = 0; i < 100; ++i) {
    const std::string key = absl::StrCat("key:", i);
    EXPECT_EQ(same.Locate(key), 19u) << key;
    ASSERT_EQ(same.Rank(key, ranked), 3u);
    EXPECT_EQ(ranked[1], 18u) << key;
  }
}

// Locate() and Rank() compare in different ways.
TEST(McrouterRendezvousTest, TheOwnerIsTheFirstOfTheRank) {
  const McrouterRendezvous placement(Endpoints(343));
  for (int i = 0; i < 5000; ++i) {
    std::uint32_t ranked[1];
    const std::string key = absl::StrCat("key:", i);
    ASSERT_EQ(placement.Rank(key, ranked), 1u);
    EXPECT_EQ(placement.Locate(key), ranked[0]) << key;
  }
}

TEST(McrouterRendezvousTest, WhoIsSecondOwnsTheKeyWhenTheFirstLeaves) {
  const std::vector<Member> all = Endpoints(20);
  const McrouterRendezvous placement(all);
  for (int i = 0; i < 1000; ++i) {
    const std::string key = absl::StrCat("key:", i);
    std::uint32_t ranked[2];
    ASSERT_EQ(placement.Rank(key, ranked), 2u);
    std::vector<Member> rest = all;
    rest.erase(rest.begin() + ranked[0]);
    EXPECT_EQ(rest[McrouterRendezvous(rest).Locate(key)], all[ranked[1]]) << key;
  }
}

}  // namespace
}  // namespace ringcache::hashring

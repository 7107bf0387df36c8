#include "hashring/placement/rendezvous.h"

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

std::vector<Member> Named(const std::vector<std::string>& names) {
  std::vector<Member> members;
  for (const std::string& name : names) members.push_back({.host = name, .port = 0});
  return members;
}

// Of pymemcache's test_rendezvous.py, whose nodes are bare names.
TEST(RendezvousTest, IsPymemcaches) {
  const Rendezvous three(Named({"0", "1", "2"}));
  EXPECT_EQ(Owners(three, {"ok", "mykey", "wat", "lol"}), (std::vector<std::uint32_t>{0, 1, 2, 2}));
  const Rendezvous four(Named({"0", "1", "2", "3"}));
  EXPECT_EQ(Owners(four, {"ok", "mykey", "wat", "lol"}), (std::vector<std::uint32_t>{0, 1, 2, 3}));
  const Rendezvous without_one(Named({"0", "2"}));
  EXPECT_EQ(Owners(without_one, {"mykey", "wat"}), (std::vector<std::uint32_t>{0, 1}));
}

// The names that pods have, with the port that every name carries here.
TEST(RendezvousTest, PlacesKeysOnPods) {
  std::vector<Member> pods;
  for (int i = 0; i < 3; ++i) {
    pods.push_back({.host = absl::StrCat("mycache-memcached-", i,
                                         ".mycache-memcached.default.svc.cluster.local")});
  }
  EXPECT_EQ(Owners(Rendezvous(pods),
                   {"mykey", "key0", "key1", "key2", "foo", "user:1001", "session:abcdef"}),
            (std::vector<std::uint32_t>{2, 0, 1, 1, 1, 2, 1}));
}

TEST(RendezvousTest, WhoIsSecondOwnsTheKeyWhenTheFirstLeaves) {
  const std::vector<Member> all = Named({"a", "b", "c", "d", "e", "f", "g"});
  const Rendezvous placement(all);
  for (int i = 0; i < 1000; ++i) {
    const std::string key = absl::StrCat("key:", i);
    std::vector<std::uint32_t> ranked(all.size());
    ASSERT_EQ(placement.Rank(key, absl::MakeSpan(ranked)), all.size());
    std::vector<Member> rest = all;
    for (std::size_t dead = 0; dead + 1 < all.size(); ++dead) {
      std::erase(rest, all[ranked[dead]]);
      EXPECT_EQ(rest[Rendezvous(rest).Locate(key)], all[ranked[dead + 1]]) << key;
    }
  }
}

// With one name twice every score is equal.
TEST(RendezvousTest, OfEqualScoresTheLaterNameWins) {
  const Member member = {.host = "same"};
  const Rendezvous twice({member, member});
  EXPECT_EQ(twice.Locate("key"), 1u);
  std::uint32_t ranked[2];
  ASSERT_EQ(twice.Rank("key", ranked), 2u);
  EXPECT_EQ(ranked[0], 1u);
  EXPECT_EQ(ranked[1], 0u);
}

}  // namespace
}  // namespace ringcache::hashring

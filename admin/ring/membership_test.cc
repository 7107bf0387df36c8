#include "admin/ring/membership.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hashring/member_name.h"

namespace ringcache::admin {
namespace {

using hashring::Member;

std::vector<Member> Pods(int count) {
  std::vector<Member> members;
  for (int i = 0; i < count; ++i) {
    members.push_back({.host = "cache-" + std::to_string(i) + ".cache.default", .port = 11211});
  }
  return members;
}

// The names, or the error.
std::string After(const std::vector<Member>& members, const MembershipChange& change) {
  const auto after = MembersAfter(members, change);
  if (!after.ok()) return std::string(after.status().message());
  std::string names;
  for (const Member& member : *after) names += NameOf(member) + " ";
  return names;
}

TEST(MembershipTest, ScalingOutAddsTheNextNumbers) {
  EXPECT_EQ(After(Pods(2), {.count = 4}),
            "cache-0.cache.default:11211 cache-1.cache.default:11211 "
            "cache-2.cache.default:11211 cache-3.cache.default:11211 ");
}

TEST(MembershipTest, ScalingInTakesTheHighestNumbers) {
  EXPECT_EQ(After(Pods(3), {.count = 1}), "cache-0.cache.default:11211 ");
}

TEST(MembershipTest, ScalingFillsGaps) {
  std::vector<Member> members = Pods(3);
  members.erase(members.begin() + 1);
  EXPECT_EQ(After(members, {.count = 3}),
            "cache-0.cache.default:11211 cache-2.cache.default:11211 cache-1.cache.default:11211 ");
}

TEST(MembershipTest, MembersComeAndGoByName) {
  EXPECT_EQ(After({{"a", 1}, {"b", 1}}, {.add = {"c:2:3"}, .remove = {"a:1"}}), "b:1 c:2 ");
  const auto after = MembersAfter(std::vector<Member>{{"a", 1}}, {.add = {"c:2:3"}});
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after->back().weight, 3u);
}

TEST(MembershipTest, ScalingComesBeforeNames) {
  EXPECT_EQ(After(Pods(1), {.count = 2, .remove = {"cache-0.cache.default:11211"}}),
            "cache-1.cache.default:11211 ");
}

TEST(MembershipTest, WhatCannotBeDoneIsSaid) {
  EXPECT_EQ(After({{"a", 1}, {"b", 1}}, {.count = 3}),
            "the names of these members have no numbers, as those of a StatefulSet have: a count "
            "does not say who comes or goes; name them with add and remove");
  EXPECT_EQ(After(Pods(1), {.count = 20'000}), "a pool has at most 10000 members, not 20000");
  EXPECT_EQ(After({{"a", 1}}, {.remove = {"b:1"}}),
            "b:1 cannot leave: it is no member of the pool");
  EXPECT_EQ(After({{"a", 1}}, {.add = {"a:1"}}), "a:1 cannot join: it is a member of the pool");
  EXPECT_EQ(After({{"a", 1}}, {.remove = {"a:1"}}), "no member would be left; a pool needs one");
  EXPECT_FALSE(MembersAfter(std::vector<Member>{{"a", 1}}, {.add = {"a:b:c:d"}}).ok());
}

}  // namespace
}  // namespace ringcache::admin

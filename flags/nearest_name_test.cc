#include "flags/nearest_name.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::flags {
namespace {

const std::vector<absl::string_view> kKnown = {"children", "pool", "pools", "server_timeout"};

TEST(NearestNameTest, FindsSlipsOfThePen) {
  EXPECT_EQ(NearestName("childern", kKnown), "children");
  EXPECT_EQ(NearestName("child", kKnown), "");
  EXPECT_EQ(NearestName("Pools", kKnown), "pools");
  EXPECT_EQ(NearestName("poo", kKnown), "pool");
  EXPECT_EQ(NearestName("timeout_server", kKnown), "");
  EXPECT_EQ(NearestName("servr_timeuot", kKnown), "server_timeout");
}

TEST(NearestNameTest, WhatIsFarIsNotNamed) {
  EXPECT_EQ(NearestName("zzzz", kKnown), "");
  EXPECT_EQ(NearestName("", kKnown), "");
  EXPECT_EQ(NearestName("pool", {}), "");
}

TEST(NearestNameTest, OfEquallyNearTheFirst) { EXPECT_EQ(NearestName("poolz", kKnown), "pool"); }

TEST(NearestNameTest, LongNamesAreNotCompared) {
  const std::string longest(kMaxNearBytes, 'a'), longer(kMaxNearBytes + 1, 'a');
  EXPECT_EQ(NearestName(longest, {longest}), longest);
  EXPECT_EQ(NearestName(longer, {longer}), "");
  EXPECT_EQ(NearestName(longest, {longer}), "");
}

}  // namespace
}  // namespace ringcache::flags

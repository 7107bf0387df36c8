#include "router/route/fan_out/all_majority_route.h"

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class AllMajorityRouteTest : public RouteFixture {
 protected:
  Route* const route_ = Make(MakeAllMajorityRoute, R"({"children": ["a", "b", "c"]})");
};

TEST_F(AllMajorityRouteTest, WhatMoreThanHalfSayIsGivenAsSoonAsTheyHave) {
  child("a").set_latency(absl::Seconds(1));
  child("b").Says("END");
  child("c").set_latency(absl::Seconds(2));
  child("c").Says("END");
  const absl::Duration start = loop_.MonotonicNow();
  EXPECT_EQ(Ask(route_, "get key"), "END");
  EXPECT_EQ(loop_.MonotonicNow() - start, absl::Seconds(2));
  child("c").Says("VALUE 0 c");
  child("c").set_latency(absl::Seconds(9));
  child("b").Says("VALUE 0 b");
  EXPECT_EQ(Ask(route_, "get key"), "VALUE 0 a");
  EXPECT_EQ(child("c").pending(), 1);
  LetAllEnd();
}

TEST_F(AllMajorityRouteTest, WithoutAMajorityTheWorstIsGiven) {
  child("a").Says("STORED");
  child("b").Says("!timed out");
  child("c").Says("NOT_STORED");
  EXPECT_EQ(Ask(route_, "set key 0 0 1 = a"), "!timed out");
}

}  // namespace
}  // namespace ringcache::router

#include "router/route/limit/rate_limit_route.h"

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

using RateLimitRouteTest = RouteFixture;

TEST_F(RateLimitRouteTest, PastTheRateNothingReachesTheTarget) {
  Route* const route =
      Make(MakeRateLimitRoute, R"({"target": "a", "rates": {"sets_rate": 10, "sets_burst": 2}})");
  EXPECT_EQ(Ask(route, "set key 0 0 1 = a"), "STORED");
  EXPECT_EQ(Ask(route, "incr key 1"), "1");
  EXPECT_EQ(Ask(route, "set key 0 0 1 = a"), "NOT_STORED");
  EXPECT_EQ(Ask(route, "ms key 1 = a"), "NS");
  EXPECT_EQ(Ask(route, "get key"), "VALUE 0 a");
  EXPECT_EQ(Ask(route, "delete key"), "DELETED");
  loop_.RunFor(absl::Milliseconds(100));
  EXPECT_EQ(Ask(route, "set key 0 0 1 = a"), "STORED");
  EXPECT_EQ(Ask(route, "touch key 5"), "NOT_FOUND");
}

TEST_F(RateLimitRouteTest, EachKindHasItsOwn) {
  Route* const route = Make(MakeRateLimitRoute, R"({"target": "a", "rates": {
      "gets_rate": 0, "sets_rate": 0, "deletes_rate": 0.5}})");
  EXPECT_EQ(Ask(route, "gat 5 key"), "VALUE 0 a");
  EXPECT_EQ(Ask(route, "get key"), "END");
  EXPECT_EQ(Ask(route, "md key"), "HD");
  EXPECT_EQ(Ask(route, "delete key"), "NOT_FOUND");
  EXPECT_EQ(Ask(route, "set key 0 0 1 = a"), "STORED");
  loop_.RunFor(absl::Seconds(2));
  EXPECT_EQ(Ask(route, "get key"), "END");
  EXPECT_EQ(Ask(route, "delete key"), "DELETED");
}

TEST_F(RateLimitRouteTest, WhatIsRefusedGoesToTheFallback) {
  Route* const route =
      Make(MakeRateLimitRoute, R"({"target": "a", "fallback": "b", "rates": {"gets_rate": 1}})");
  EXPECT_EQ(Ask(route, "get key"), "VALUE 0 a");
  EXPECT_EQ(Ask(route, "get key"), "VALUE 0 b");
  EXPECT_EQ(Shown(*route, "get key"), "rate-limit .a .b");
}

TEST_F(RateLimitRouteTest, OnlyWhatIsNotLimitedTakesTheShortWay) {
  Route* const route = Make(MakeRateLimitRoute, R"({"target": "a", "rates": {"gets_rate": 1}})");
  child("a").set_first(ShortWay());
  EXPECT_FALSE(HasShortWay(route, "get key"));
  EXPECT_TRUE(HasShortWay(route, "delete key"));
}

TEST_F(RateLimitRouteTest, MistakesInAConfigurationAreNamed) {
  EXPECT_EQ(Complaint(MakeRateLimitRoute, R"({"target": "a", "rates": {"gets_burst": 5}})"),
            "test:1: rates: has \"gets_burst\" but no \"gets_rate\"");
  EXPECT_NE(Complaint(MakeRateLimitRoute, R"({"target": "a"})"), "");
  EXPECT_NE(Complaint(MakeRateLimitRoute,
                      R"({"target": "a", "rates": {"gets_rate": 5, "gets_burst": 0.5}})"),
            "");
  EXPECT_NE(Complaint(MakeRateLimitRoute, R"({"target": "a", "rates": {"gets": 5}})"), "");
}

}  // namespace
}  // namespace ringcache::router

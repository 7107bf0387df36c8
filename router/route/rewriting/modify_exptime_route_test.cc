#include "router/route/rewriting/modify_exptime_route.h"

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

using ModifyExptimeRouteTest = RouteFixture;

TEST_F(ModifyExptimeRouteTest, SetGivesEveryItemTheTime) {
  Route* const route = Make(MakeModifyExptimeRoute, R"({"target": "a", "exptime": 60})");
  EXPECT_EQ(Ask(route, "set key 0 5 1 = a"), "STORED");
  Ask(route, "touch key 0");
  Ask(route, "gat 600 key");
  Ask(route, "ms key 1 F2 = a");
  Ask(route, "get key");
  Ask(route, "delete key");
  EXPECT_EQ(Asked("a"), (Lines{"set key 0 60 1 = a", "touch key 60", "gat 60 key",
                               "ms key 1 F2 T60 = a", "get key", "delete key"}));
}

TEST_F(ModifyExptimeRouteTest, MinGivesItToThoseThatWouldLiveLonger) {
  Route* const route =
      Make(MakeModifyExptimeRoute, R"({"target": "a", "exptime": 60, "action": "min"})");
  Ask(route, "set key 0 5 1 = a");
  Ask(route, "set key 0 0 1 = a");
  Ask(route, "set key 0 -1 1 = a");
  Ask(route, "mg key v N0");
  EXPECT_EQ(Asked("a"), (Lines{"set key 0 5 1 = a", "set key 0 60 1 = a", "set key 0 -1 1 = a",
                               "mg key N60 v"}));
}

TEST_F(ModifyExptimeRouteTest, AMinimumOfForEverChangesNothing) {
  Route* const route =
      Make(MakeModifyExptimeRoute, R"({"target": "a", "exptime": 0, "action": "min"})");
  Ask(route, "set key 0 0 1 = a");
  Ask(route, "set key 0 5 1 = a");
  EXPECT_EQ(Asked("a"), (Lines{"set key 0 0 1 = a", "set key 0 5 1 = a"}));
}

TEST_F(ModifyExptimeRouteTest, WhatIsNotChangedTakesTheShortWay) {
  Route* const route = Make(MakeModifyExptimeRoute, R"({"target": "a", "exptime": 60})");
  child("a").set_first(ShortWay());
  EXPECT_TRUE(HasShortWay(route, "get key"));
  EXPECT_FALSE(HasShortWay(route, "set key 0 5 1 = a"));
  EXPECT_EQ(Shown(*route, "get key"), "modify-exptime|set|60 .a");
}

TEST_F(ModifyExptimeRouteTest, MistakesInAConfigurationAreNamed) {
  EXPECT_EQ(Complaint(MakeModifyExptimeRoute, R"({"target": "a"})"), "test:1: has no \"exptime\"");
  EXPECT_EQ(Complaint(MakeModifyExptimeRoute, R"({"target": "a", "exptime": 1, "action": "max"})"),
            "test:1: \"action\" is \"set\" or \"min\", not \"max\"");
  EXPECT_NE(Complaint(MakeModifyExptimeRoute, R"({"exptime": 1})"), "");
}

}  // namespace
}  // namespace ringcache::router

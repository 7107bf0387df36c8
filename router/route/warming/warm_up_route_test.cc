#include "router/route/warming/warm_up_route.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class WarmUpRouteTest : public RouteFixture {
 protected:
  Route* const route_ = Make(MakeWarmUpRoute, R"({"cold": "cold", "warm": "warm"})");
};

TEST_F(WarmUpRouteTest, AHitIsTheColdRoutes) {
  EXPECT_EQ(Ask(route_, "get key"), "VALUE 0 cold");
  EXPECT_EQ(Asked("warm"), Lines{});
}

TEST_F(WarmUpRouteTest, AMissIsTakenOverForTheTimeThatIsLeft) {
  child("cold").SaysOnce("END");
  child("warm").Says("VA value f5 t60");
  EXPECT_EQ(Ask(route_, "get key"), "VALUE 5 value");
  EXPECT_EQ(Asked("warm"), Lines{"mg key f k t v"});
  EXPECT_EQ(Asked("cold"), (Lines{"get key", "add key 5 60 5 = value"}));
}

TEST_F(WarmUpRouteTest, NobodyWaitsForTheColdRouteToTakeItOver) {
  child("cold").SaysOnce("END");
  child("warm").Says("VA value f5 t-1");
  Pending* const pending = Begin(route_, "get key");
  EXPECT_TRUE(pending->done());
  child("cold").SaysOnce("END");
  child("cold").set_latency(absl::Seconds(1));
  EXPECT_EQ(Ask(route_, "get key"), "VALUE 5 value");
  EXPECT_EQ(child("cold").pending(), 1);
  LetAllEnd();
  EXPECT_EQ(Asked("cold")[1], "add key 5 0 5 = value");
}

TEST_F(WarmUpRouteTest, ALongTimeIsKeptAsAUnixTime) {
  child("cold").SaysOnce("END");
  child("warm").Says("VA value f0 t5000000");
  Ask(route_, "get key");
  EXPECT_EQ(
      Asked("cold")[1],
      absl::StrCat("add key 0 ", absl::ToUnixSeconds(loop_.WallNow()) + 5'000'000, " 5 = value"));
}

TEST_F(WarmUpRouteTest, WhatIsMissingInBothIsAMiss) {
  child("cold").Says("END");
  child("warm").Says("EN");
  EXPECT_EQ(Ask(route_, "get key"), "END");
  child("warm").Says("!timed out");
  EXPECT_EQ(Ask(route_, "get key"), "END");
  EXPECT_EQ(Asked("cold"), (Lines{"get key", "get key"}));
}

TEST_F(WarmUpRouteTest, WhileTheColdRouteFailsTheWarmOneServes) {
  child("cold").Says("!timed out");
  child("warm").Says("VA value f5 t60");
  EXPECT_EQ(Ask(route_, "get key"), "VALUE 5 value");
  EXPECT_EQ(Asked("cold"), Lines{"get key"});
  EXPECT_EQ(Ask(route_, "gets key"), "!timed out");
}

TEST_F(WarmUpRouteTest, WhoNeedsACasIdHasItFromTheColdRoute) {
  child("cold").SaysOnce("END");
  child("cold").SaysOnce("STORED");
  child("cold").SaysOnce("VALUE 5 value cas 9");
  child("warm").Says("VA value f5 t60");
  EXPECT_EQ(Ask(route_, "gets key"), "VALUE 5 value cas 9");
  EXPECT_EQ(Asked("cold"), (Lines{"gets key", "add key 5 60 5 = value", "gets key"}));
  child("cold").SaysOnce("EN");
  EXPECT_EQ(Ask(route_, "mg key v c t"), "VA cold");
  EXPECT_EQ(Asked("cold"), (Lines{"mg key v c t", "add key 5 60 5 = value", "mg key v c t"}));
}

TEST_F(WarmUpRouteTest, ABinaryKeyStaysOne) {
  child("cold").SaysOnce("EN");
  child("warm").Says("VA value f5 t60");
  EXPECT_EQ(Ask(route_, "mg a2V5 v b"), "VA cold");
  EXPECT_EQ(Asked("warm"), Lines{"mg a2V5 b f k t v"});
  EXPECT_EQ(Asked("cold")[1], "ms a2V5 5 F5 ME T60 b = value");
}

TEST_F(WarmUpRouteTest, ServersThatKnowNoMetagetAreAskedWithoutItFromThenOn) {
  Route* const route = Make(MakeWarmUpRoute, R"({"cold": "cold", "warm": "warm", "exptime": 30})");
  child("cold").Says("END");
  child("warm").SaysOnce("ERROR");
  child("warm").Says("VALUE 5 value");
  EXPECT_EQ(Ask(route, "get key"), "VALUE 5 value");
  EXPECT_EQ(Ask(route, "get key"), "VALUE 5 value");
  EXPECT_EQ(Asked("warm"), (Lines{"mg key f k t v", "get key", "get key"}));
  EXPECT_EQ(Asked("cold")[1], "add key 5 30 5 = value");
}

TEST_F(WarmUpRouteTest, MetagetMayBeOff) {
  Route* const route =
      Make(MakeWarmUpRoute, R"({"cold": "cold", "warm": "warm", "enable_metaget": false})");
  child("cold").SaysOnce("END");
  EXPECT_EQ(Ask(route, "get key"), "VALUE 0 warm");
  EXPECT_EQ(Asked("warm"), Lines{"get key"});
  EXPECT_EQ(Asked("cold")[1], "add key 0 0 4 = warm");
}

TEST_F(WarmUpRouteTest, AllElseGoesToTheColdRoute) {
  for (const char* text : {"set key 0 0 1 = a", "delete key", "incr key 1"}) {
    child("cold").SaysOnce("NOT_FOUND");
    EXPECT_EQ(Ask(route_, text), "NOT_FOUND");
  }
  EXPECT_EQ(Asked("warm"), Lines{});
  EXPECT_EQ(Shown(*route_, "delete key"), "warm-up .cold");
  EXPECT_EQ(Shown(*route_, "get key"), "warm-up .cold .warm");
}

TEST_F(WarmUpRouteTest, TheShortWayIsTheColdRoutes) {
  EXPECT_FALSE(HasShortWay(route_, "get key"));
  child("cold").set_first(ShortWay());
  child("warm").Says("VA value f5 t60");
  EXPECT_EQ(AskFirst(route_, "get key", "VALUE 0 x"), "VALUE 0 x");
  EXPECT_EQ(AskFirst(route_, "get key", "END"), "VALUE 5 value");
  EXPECT_EQ(Asked("cold"), Lines{"add key 5 60 5 = value"});
  EXPECT_EQ(AskFirst(route_, "delete key", "NOT_FOUND"), "NOT_FOUND");
}

}  // namespace
}  // namespace ringcache::router

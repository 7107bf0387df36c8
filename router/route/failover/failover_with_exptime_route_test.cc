#include "router/route/failover/failover_with_exptime_route.h"

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

using FailoverWithExptimeRouteTest = RouteFixture;

TEST_F(FailoverWithExptimeRouteTest, WhatGoesToOthersLivesBriefly) {
  Route* const route = Make(MakeFailoverWithExptimeRoute,
                            R"({"normal": "a", "failover": ["b", "c"], "failover_exptime": 7})");
  EXPECT_EQ(Ask(route, "set key 0 0 1 = a"), "STORED");
  EXPECT_EQ(Asked("a"), Lines{"set key 0 0 1 = a"});
  child("a").Says("!timed out");
  child("b").SaysOnce("!timed out");
  EXPECT_EQ(Ask(route, "set key 0 0 1 = a"), "STORED");
  EXPECT_EQ(Ask(route, "ms key 1 T5 = a"), "HD");
  EXPECT_EQ(Ask(route, "get key"), "VALUE 0 b");
  EXPECT_EQ(Asked("b"), (Lines{"set key 0 7 1 = a", "ms key 1 T5 = a", "get key"}));
  EXPECT_EQ(Asked("c"), Lines{"set key 0 7 1 = a"});
}

TEST_F(FailoverWithExptimeRouteTest, AMinuteIsTheDefault) {
  Route* const route = Make(MakeFailoverWithExptimeRoute, R"({"normal": "a", "failover": ["b"]})");
  child("a").Says("!timed out");
  EXPECT_EQ(Ask(route, "set key 0 0 1 = a"), "STORED");
  EXPECT_EQ(Asked("b"), Lines{"set key 0 60 1 = a"});
}

TEST_F(FailoverWithExptimeRouteTest, ErrorsMayBeNamed) {
  Route* const route = Make(MakeFailoverWithExptimeRoute,
                            R"({"normal": "a", "failover": ["b"], "failover_errors": ["tko"]})");
  child("a").Says("!timed out");
  EXPECT_EQ(Ask(route, "get key"), "!timed out");
}

TEST_F(FailoverWithExptimeRouteTest, ATimeThatIsNoneIsAMistake) {
  EXPECT_NE(Complaint(MakeFailoverWithExptimeRoute,
                      R"({"normal": "a", "failover": ["b"], "failover_exptime": 0})"),
            "");
}

}  // namespace
}  // namespace ringcache::router

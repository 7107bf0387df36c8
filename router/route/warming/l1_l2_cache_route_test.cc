#include "router/route/warming/l1_l2_cache_route.h"

#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

constexpr absl::string_view kMark = "VALUE 65536 ncache";

class L1L2CacheRouteTest : public RouteFixture {
 protected:
  Route* const route_ =
      Make(MakeL1L2CacheRoute, R"({"l1": "l1", "l2": "l2", "upgradingL1Exptime": 60})");
  Route* const remembering_ =
      Make(MakeL1L2CacheRoute, R"({"l1": "l1", "l2": "l2", "upgradingL1Exptime": 60,
                                   "ncacheExptime": 10, "ncacheUpdatePeriod": 3})");
};

TEST_F(L1L2CacheRouteTest, AHitIsL1s) {
  EXPECT_EQ(Ask(route_, "get key"), "VALUE 0 l1");
  EXPECT_EQ(Ask(remembering_, "mg key v"), "VA l1");
  EXPECT_EQ(Asked("l2"), Lines{});
}

TEST_F(L1L2CacheRouteTest, WhatL1MissesIsAddedForItsTimeWhileNobodyWaits) {
  child("l1").SaysOnce("END");
  child("l2").Says("VALUE 5 value");
  Pending* const pending = Begin(route_, "get key");
  EXPECT_EQ(pending->text(), "VALUE 5 value");
  EXPECT_EQ(Asked("l2"), Lines{"get key"});
  EXPECT_EQ(Asked("l1"), (Lines{"get key", "add key 5 60 5 = value"}));
}

TEST_F(L1L2CacheRouteTest, WhileL1FailsL2Serves) {
  child("l1").Says("!timed out");
  EXPECT_EQ(Ask(route_, "get key"), "VALUE 0 l2");
  EXPECT_EQ(Asked("l1"), (Lines{"get key", "add key 0 60 2 = l2"}));
  EXPECT_EQ(Ask(route_, "gets key"), "!timed out");
}

TEST_F(L1L2CacheRouteTest, WhatBothMissIsAMissAndAnErrorOfL2IsTold) {
  child("l1").Says("END");
  child("l2").Says("END");
  EXPECT_EQ(Ask(route_, "get key"), "END");
  EXPECT_EQ(Asked("l1"), Lines{"get key"});
  child("l2").Says("!timed out");
  EXPECT_EQ(Ask(route_, "get key"), "!timed out");
  EXPECT_EQ(Ask(remembering_, "get key"), "!timed out");
  EXPECT_EQ(Asked("l1"), (Lines{"get key", "get key"}));
}

TEST_F(L1L2CacheRouteTest, WhoNeedsACasIdOrATimeHasItFromL1) {
  child("l1").SaysOnce("END");
  child("l1").SaysOnce("STORED");
  child("l1").SaysOnce("VALUE 5 value cas 9");
  child("l2").Says("VALUE 5 value");
  EXPECT_EQ(Ask(route_, "gets key"), "VALUE 5 value cas 9");
  EXPECT_EQ(Asked("l1"), (Lines{"gets key", "add key 5 60 5 = value", "gets key"}));
  child("l1").SaysOnce("END");
  EXPECT_EQ(Ask(route_, "gat 30 key"), "VALUE 0 l1");
  EXPECT_EQ(Asked("l1"), (Lines{"gat 30 key", "add key 5 60 5 = value", "gat 30 key"}));
  EXPECT_EQ(Asked("l2"), (Lines{"get key", "get key"}));
}

TEST_F(L1L2CacheRouteTest, ABinaryKeyStaysOne) {
  child("l1").SaysOnce("EN");
  child("l2").Says("VA value f5");
  EXPECT_EQ(Ask(route_, "mg a2V5 v b"), "VA l1");
  EXPECT_EQ(Asked("l2"), Lines{"mg a2V5 b f k v"});
  EXPECT_EQ(Asked("l1")[1], "ms a2V5 5 F5 ME T60 b = value");
}

TEST_F(L1L2CacheRouteTest, AllElseGoesToL1) {
  for (const char* text : {"set key 0 0 1 = a", "delete key", "incr key 1", "touch key 5"}) {
    child("l1").SaysOnce("NOT_FOUND");
    EXPECT_EQ(Ask(route_, text), "NOT_FOUND");
  }
  EXPECT_EQ(Asked("l2"), Lines{});
  EXPECT_EQ(Shown(*route_, "delete key"), "l1l2-cache .l1");
  EXPECT_EQ(Shown(*route_, "get key"), "l1l2-cache .l1 .l2");
}

TEST_F(L1L2CacheRouteTest, TheShortWayIsL1s) {
  EXPECT_FALSE(HasShortWay(route_, "get key"));
  child("l1").set_first(ShortWay());
  EXPECT_EQ(AskFirst(route_, "get key", "VALUE 0 x"), "VALUE 0 x");
  EXPECT_EQ(AskFirst(route_, "get key", "END"), "VALUE 0 l2");
  EXPECT_EQ(AskFirst(route_, "get key", "SERVER_ERROR 307 busy"), "VALUE 0 l2");
  EXPECT_EQ(AskFirst(route_, "delete key", "NOT_FOUND"), "NOT_FOUND");
}

TEST_F(L1L2CacheRouteTest, AMissOfBothIsRememberedInL1) {
  child("l1").SaysOnce("END");
  child("l2").Says("END");
  EXPECT_EQ(Ask(remembering_, "get key"), "END");
  EXPECT_EQ(Asked("l1"), (Lines{"get key", "add key 65536 10 6 = ncache"}));
  EXPECT_EQ(Asked("l2"), Lines{"get key"});
  child("l1").Says(std::string(kMark));
  EXPECT_EQ(Ask(remembering_, "get key"), "END");
  EXPECT_EQ(Ask(remembering_, "gat 5 key"), "END");
  EXPECT_EQ(Asked("l2"), Lines{});
}

TEST_F(L1L2CacheRouteTest, AValueThatHasOnlyTheFlagsOfAMarkIsNone) {
  child("l1").Says("VALUE 65536 value");
  EXPECT_EQ(Ask(remembering_, "get key"), "VALUE 65536 value");
  child("l1").Says("VALUE 0 ncache");
  EXPECT_EQ(Ask(remembering_, "get key"), "VALUE 0 ncache");
}

TEST_F(L1L2CacheRouteTest, WithoutAPeriodThereAreNoMarks) {
  child("l1").Says(std::string(kMark));
  EXPECT_EQ(Ask(route_, "get key"), kMark);
  child("l1").set_first(ShortWay());
  EXPECT_TRUE(HasShortWay(route_, "get key"));
  EXPECT_FALSE(HasShortWay(remembering_, "get key"));
  EXPECT_TRUE(HasShortWay(remembering_, "delete key"));
}

TEST_F(L1L2CacheRouteTest, AMetagetThatMayHaveFoundAMarkLooksCloser) {
  child("l1").SaysOnce("VA ncache t7");
  child("l1").SaysOnce(std::string(kMark));
  EXPECT_EQ(Ask(remembering_, "mg key v t"), "EN");
  EXPECT_EQ(Asked("l1"), (Lines{"mg key v t", "get key"}));
  child("l1").SaysOnce("HD");
  child("l1").SaysOnce("VALUE 0 value");
  EXPECT_EQ(Ask(remembering_, "mg key"), "HD");
  child("l1").SaysOnce("HD t7");
  child("l1").SaysOnce("VA ncache f65536");
  EXPECT_EQ(Ask(remembering_, "mg a2V5 b t"), "EN");
  EXPECT_EQ(Asked("l1").back(), "mg a2V5 b f k v");
  child("l1").SaysOnce("HD");
  child("l1").SaysOnce("!timed out");
  EXPECT_EQ(Ask(remembering_, "mg key"), "EN");
}

TEST_F(L1L2CacheRouteTest, EachThirdMarkIsLookedUpAgain) {
  child("l1").Says(std::string(kMark));
  Ask(remembering_, "get a");
  Ask(remembering_, "get b");
  EXPECT_EQ(Asked("l2"), Lines{});
  Asked("l1");
  child("l1").SaysOnce(std::string(kMark));
  child("l1").SaysOnce("VALUE 65536 ncache cas 7");
  EXPECT_EQ(Ask(remembering_, "get key"), "END");
  EXPECT_EQ(Asked("l2"), Lines{"get key"});
  EXPECT_EQ(Asked("l1"), (Lines{"get key", "gets key", "cas key 0 60 2 7 = l2"}));
  Ask(remembering_, "get key");
  EXPECT_EQ(Asked("l2"), Lines{});
}

class RenewalTest : public L1L2CacheRouteTest {
 protected:
  // The third mark; `now` is what l1 has when the mark is renewed.
  Lines Renew(absl::string_view text, const std::string& mark, const std::string& now) {
    child("l1").Says(mark);
    for (int i = 0; i < 2; ++i) Ask(remembering_, text);
    Asked("l1");
    // A metaget without flags looks closer.
    if (absl::StartsWith(text, "mg")) child("l1").SaysOnce(mark);
    child("l1").SaysOnce(mark);
    child("l1").SaysOnce(now);
    Ask(remembering_, text);
    return Asked("l1");
  }
};

TEST_F(RenewalTest, AMissAgainRenewsTheMark) {
  child("l2").Says("END");
  EXPECT_EQ(Renew("get key", std::string(kMark), "VALUE 65536 ncache cas 7").back(),
            "cas key 65536 10 6 7 = ncache");
}

TEST_F(RenewalTest, AnErrorIsNoNews) {
  child("l2").Says("!timed out");
  EXPECT_EQ(Renew("get key", std::string(kMark), "VALUE 65536 ncache cas 7").back(), "gets key");
}

TEST_F(RenewalTest, AClientsValueThatCameMeanwhileStays) {
  EXPECT_EQ(Renew("get key", std::string(kMark), "VALUE 0 fresh cas 8").back(), "gets key");
  EXPECT_EQ(Asked("l2"), Lines{});
}

TEST_F(RenewalTest, ABinaryKeyStaysOne) {
  child("l2").Says("VA value f5");
  EXPECT_EQ(Renew("mg a2V5 v b", "VA ncache f65536", "VA ncache c7 f65536").back(),
            "ms a2V5 5 C7 F5 T60 b = value");
}

TEST_F(L1L2CacheRouteTest, ATimeInL1IsNeeded) {
  EXPECT_EQ(Complaint(MakeL1L2CacheRoute, R"({"l1": "a", "l2": "b"})"),
            "test:1: has no \"upgradingL1Exptime\", in seconds; 0 is for ever");
  EXPECT_NE(Complaint(MakeL1L2CacheRoute, R"({"l1": "a", "upgradingL1Exptime": 0})"), "");
  EXPECT_NE(Complaint(MakeL1L2CacheRoute,
                      R"({"l1": "a", "l2": "b", "upgradingL1Exptime": 0, "replaceL2": true})"),
            "");
}

}  // namespace
}  // namespace ringcache::router

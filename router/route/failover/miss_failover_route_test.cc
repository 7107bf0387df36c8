#include "router/route/failover/miss_failover_route.h"

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class MissFailoverRouteTest : public RouteFixture {
 protected:
  Route* const route_ = Make(MakeMissFailoverRoute, R"({"children": ["a", "b", "c"]})");
  Route* const best_ =
      Make(MakeMissFailoverRoute, R"({"children": ["a", "b"], "return_best_on_error": true})");
};

TEST_F(MissFailoverRouteTest, ARetrievalGoesOnAfterAMissAndAnError) {
  child("a").Says("END");
  child("b").Says("!timed out");
  EXPECT_EQ(Ask(route_, "get key"), "VALUE 0 c");
  child("a").Says("EN");
  EXPECT_EQ(Ask(route_, "mg key v"), "VA c");
}

TEST_F(MissFailoverRouteTest, TheFirstHitIsEnough) {
  EXPECT_EQ(Ask(route_, "gat 5 key"), "VALUE 0 a");
  EXPECT_EQ(Asked("b"), Lines{});
}

TEST_F(MissFailoverRouteTest, IfNoChildHasItTheLastReplyIsGiven) {
  child("a").Says("END");
  child("b").Says("END");
  child("c").Says("!timed out");
  EXPECT_EQ(Ask(route_, "get key"), "!timed out");
}

TEST_F(MissFailoverRouteTest, OrTheBestOne) {
  child("a").Says("END");
  child("b").Says("!timed out");
  EXPECT_EQ(Ask(best_, "get key"), "END");
  child("a").Says("!timed out");
  child("b").Says("END");
  EXPECT_EQ(Ask(best_, "get key"), "END");
}

TEST_F(MissFailoverRouteTest, AllElseGoesToTheFirst) {
  child("a").Says("NOT_FOUND");
  EXPECT_EQ(Ask(route_, "delete key"), "NOT_FOUND");
  child("a").Says("!timed out");
  EXPECT_EQ(Ask(route_, "set key 0 0 1 = a"), "!timed out");
  EXPECT_EQ(Asked("b"), Lines{});
  EXPECT_EQ(Shown(*route_, "delete key"), "miss-failover .a");
  EXPECT_EQ(Shown(*route_, "get key"), "miss-failover .a .b .c");
}

TEST_F(MissFailoverRouteTest, TheShortWayIsThatOfTheFirstChild) {
  EXPECT_FALSE(HasShortWay(route_, "get key"));
  child("a").set_first(ShortWay());
  EXPECT_EQ(AskFirst(route_, "get key", "VALUE 0 x"), "VALUE 0 x");
  EXPECT_EQ(AskFirst(route_, "get key", "END"), "VALUE 0 b");
  EXPECT_EQ(AskFirst(route_, "get key", "SERVER_ERROR 307 busy"), "VALUE 0 b");
  EXPECT_EQ(AskFirst(route_, "delete key", "NOT_FOUND"), "NOT_FOUND");
  EXPECT_EQ(AskFirst(route_, "delete key", "!timed out"), "!timed out");
  child("b").Says("!timed out");
  EXPECT_EQ(AskFirst(best_, "get key", "END"), "END");
}

}  // namespace
}  // namespace ringcache::router

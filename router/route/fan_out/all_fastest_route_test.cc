#include "router/route/fan_out/all_fastest_route.h"

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class AllFastestRouteTest : public RouteFixture {
 protected:
  Route* const route_ = Make(MakeAllFastestRoute, R"({"children": ["a", "b", "c"]})");
};

TEST_F(AllFastestRouteTest, TheFirstReplyIsGiven) {
  child("a").set_latency(absl::Seconds(3));
  child("b").set_latency(absl::Seconds(1));
  child("c").set_latency(absl::Seconds(2));
  EXPECT_EQ(Ask(route_, "get key"), "VALUE 0 b");
  EXPECT_EQ(child("a").pending(), 1);
  LetAllEnd();
}

TEST_F(AllFastestRouteTest, AMissIsAReplyAndAnErrorIsNone) {
  child("a").Says("!marked down");
  child("b").set_latency(absl::Seconds(1));
  child("b").Says("END");
  child("c").set_latency(absl::Seconds(2));
  EXPECT_EQ(Ask(route_, "get key"), "END");
  LetAllEnd();
}

TEST_F(AllFastestRouteTest, IfAllAreErrorsTheLastOneIsGiven) {
  child("a").Says("!timed out");
  child("a").set_latency(absl::Seconds(1));
  child("b").Says("!marked down");
  child("c").Says("!marked down");
  EXPECT_EQ(Ask(route_, "get key"), "!timed out");
}

}  // namespace
}  // namespace ringcache::router

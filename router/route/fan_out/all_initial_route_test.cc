#include "router/route/fan_out/all_initial_route.h"

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class AllInitialRouteTest : public RouteFixture {
 protected:
  Route* const route_ = Make(MakeAllInitialRoute, R"({"children": ["a", "b", "c"]})");
};

TEST_F(AllInitialRouteTest, TheFirstChildsReplyIsGiven) {
  child("b").set_latency(absl::Seconds(1));
  child("a").Says("!timed out");
  EXPECT_EQ(Begin(route_, "get key")->text(), "!timed out");
  EXPECT_EQ(child("b").pending(), 1);
  LetAllEnd();
  for (const char* name : {"a", "b", "c"}) EXPECT_EQ(Asked(name), Lines{"get key"});
  EXPECT_EQ(Shown(*route_, "get key"), "all-initial .a .b .c");
}

TEST_F(AllInitialRouteTest, OthersMayReplyBeforeTheFirst) {
  child("a").set_latency(absl::Seconds(1));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Ask(route_, "get key"), "VALUE 0 a");
  EXPECT_EQ(calls_.running(), 0u);
}

}  // namespace
}  // namespace ringcache::router

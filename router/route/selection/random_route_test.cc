#include "router/route/selection/random_route.h"

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

using RandomRouteTest = RouteFixture;

TEST_F(RandomRouteTest, ChildrenAreAskedAboutEquallyOften) {
  Route* const route = Make(MakeRandomRoute, R"({"children": ["a", "b", "c"]})");
  for (int i = 0; i < 3000; ++i) Ask(route, "get key");
  for (const char* name : {"a", "b", "c"}) {
    const std::size_t asked = Asked(name).size();
    EXPECT_GT(asked, 850u) << name;
    EXPECT_LT(asked, 1150u) << name;
  }
  EXPECT_EQ(Shown(*route, "get key"), "random .a .b .c");
}

TEST_F(RandomRouteTest, TheShortWayIsThatOfTheChosenChild) {
  Route* const route = Make(MakeRandomRoute, R"({"children": ["a"]})");
  child("a").set_first(ShortWay());
  EXPECT_TRUE(HasShortWay(route, "get key"));
}

}  // namespace
}  // namespace ringcache::router

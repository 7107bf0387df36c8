#include "router/route/selection/hash_route.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "hashring/placement/placement_kind.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

using HashRouteTest = RouteFixture;

TEST_F(HashRouteTest, AKeyAlwaysGoesToTheSameChildAndChildrenShareThem) {
  Route* const route = Make(MakeHashRoute, R"({"children": ["0", "1", "2"]})");
  std::map<std::string, int> replies;
  for (int i = 0; i < 3000; ++i) {
    const std::string reply = Ask(route, absl::StrCat("get key", i));
    EXPECT_EQ(Ask(route, absl::StrCat("get key", i, "|#|more")), reply);
    ++replies[reply];
  }
  EXPECT_EQ(replies.size(), 3u);
  for (const auto& [reply, count] : replies) EXPECT_GT(count, 800) << reply;
}

TEST_F(HashRouteTest, ItPlacesAsAPoolOfThatOrderDoes) {
  PoolUse use;
  use.ring.placement = hashring::PlacementKind::kCh3;
  use.ring.hash_stop = "|#|";
  const auto ring = HashRoute::RingFor(use, 10);
  ASSERT_TRUE(ring.ok()) << ring.status();
  Route* const route =
      Make(MakeHashRoute, R"({"children": ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]})");
  for (int i = 0; i < 100; ++i) {
    const std::string key = absl::StrCat("key", i);
    EXPECT_EQ(Ask(route, absl::StrCat("get ", key)),
              absl::StrCat("VALUE 0 ", (*ring)->MemberOf(key)));
  }
}

TEST_F(HashRouteTest, TheShortWayIsThatOfTheChild) {
  Route* const route = Make(MakeHashRoute, R"({"children": ["a"]})");
  EXPECT_FALSE(HasShortWay(route, "get key"));
  child("a").set_first(ShortWay());
  EXPECT_TRUE(HasShortWay(route, "get key"));
  EXPECT_EQ(Shown(*route, "get key"), "hash .a");
}

TEST_F(HashRouteTest, WeightsHaveToBeAsManyAsTheChildren) {
  PoolUse use;
  use.ring.placement = hashring::PlacementKind::kWeightedCh3;
  use.weights = {1, 0.5};
  EXPECT_TRUE(HashRoute::RingFor(use, 2).ok());
  EXPECT_FALSE(HashRoute::RingFor(use, 3).ok());
}

}  // namespace
}  // namespace ringcache::router

#include "router/route/fan_out/shadow_route.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "router/route/route_fixture.h"
#include "router/route/scripted_pool.h"

namespace ringcache::router {
namespace {

class ShadowRouteTest : public RouteFixture {
 protected:
  Route* MakeWith(const std::string& more) {
    return Make(MakeShadowRoute,
                absl::StrCat(R"({"target": "a", "shadows": [{"target": "s")", more, "}]}"));
  }
  std::size_t CopiesOf(Route* route, int requests) {
    for (int i = 0; i < requests; ++i) Ask(route, absl::StrCat("get key", i));
    EXPECT_EQ(Asked("a").size(), static_cast<std::size_t>(requests));
    return Asked("s").size();
  }
};

TEST_F(ShadowRouteTest, NobodyWaitsForTheCopy) {
  Route* const route = MakeWith("");
  child("s").set_latency(absl::Seconds(1));
  child("s").Says("!timed out");
  EXPECT_EQ(Begin(route, "set key 5 60 1 = a")->text(), "STORED");
  EXPECT_EQ(child("s").pending(), 1);
  LetAllEnd();
  EXPECT_EQ(Asked("s"), Lines{"set key 5 60 1 = a"});
  EXPECT_EQ(Shown(*route, "get key"), "shadow .a .s");
}

TEST_F(ShadowRouteTest, AShareOfTheKeysIsCopied) {
  EXPECT_NEAR(static_cast<double>(CopiesOf(MakeWith(R"(, "key_fraction_range": [0, 0.2])"), 2000)),
              400, 80);
  EXPECT_NEAR(static_cast<double>(CopiesOf(MakeWith(R"(, "key_fraction_range": [0.2, 1])"), 2000)),
              1600, 80);
  EXPECT_EQ(CopiesOf(MakeWith(R"(, "key_fraction_range": [0.5, 0.5])"), 100), 0u);
}

TEST_F(ShadowRouteTest, AShareOfTheRequestsIsCopied) {
  EXPECT_NEAR(static_cast<double>(CopiesOf(MakeWith(R"(, "requests_fraction": 0.25)"), 2000)), 500,
              100);
  EXPECT_EQ(CopiesOf(MakeWith(R"(, "requests_fraction": 0)"), 100), 0u);
}

TEST_F(ShadowRouteTest, OnlyKeysThatMayBeCopiedTakeTheLongWay) {
  Route* const route = MakeWith(R"(, "key_fraction_range": [0, 0.5])");
  child("a").set_first(ShortWay());
  int short_ways = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = absl::StrCat("get key", i);
    if (!HasShortWay(route, text)) continue;
    ++short_ways;
    Ask(route, text);
  }
  EXPECT_NEAR(short_ways, 500, 70);
  EXPECT_EQ(Asked("s"), Lines{});
}

TEST_F(ShadowRouteTest, AnIndexRangeIsOfTheOwners) {
  ScriptedPool servers(&loop_, 3);
  Shadow shadow;
  shadow.target = &child("s");
  shadow.first_index = shadow.last_index = 1;
  ShadowRoute route(&child("a"), &servers.pool(), {shadow}, 1);
  Ask(&route, absl::StrCat("get ", servers.KeyOf(0)));
  Ask(&route, absl::StrCat("get ", servers.KeyOf(2)));
  EXPECT_EQ(Asked("s"), Lines{});
  const std::string text = absl::StrCat("get ", servers.KeyOf(1));
  Ask(&route, text);
  EXPECT_EQ(Asked("s"), Lines{text});
}

TEST_F(ShadowRouteTest, MistakesInAConfigurationAreNamed) {
  const auto complaint = [this](const std::string& shadow) {
    return Complaint(MakeShadowRoute,
                     absl::StrCat(R"({"target": "a", "shadows": [)", shadow, "]}"));
  };
  EXPECT_EQ(complaint(R"({"target": "s", "index_range": [0, 1]})"),
            "test:1: shadows[0].index_range: is for the shadows of a PoolRoute only");
  EXPECT_EQ(complaint(R"({"target": "s", "key_fraction_range": [0]})"),
            "test:1: shadows[0].key_fraction_range: has to be a list of two numbers, first and "
            "last");
  EXPECT_NE(complaint(R"({"target": "s", "key_fraction_range": [0.5, 0.4]})"), "");
  EXPECT_NE(complaint(R"({"target": "s", "requests_fraction": 2})"), "");
  EXPECT_NE(complaint(R"("s")"), "");
}

}  // namespace
}  // namespace ringcache::router

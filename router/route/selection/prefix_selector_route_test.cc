#include "router/route/selection/prefix_selector_route.h"

#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

using PrefixSelectorRouteTest = RouteFixture;

TEST_F(PrefixSelectorRouteTest, TheLongestPrefixThatFitsDecides) {
  Route* const route = Make(MakePrefixSelectorRoute, R"({
      "policies": {"a": "one", "ab": "two", "abc": "three", "abd": "four", "x": "other"},
      "wildcard": "rest"})");
  const auto asked = [&](const char* key) { return Ask(route, absl::StrCat("get ", key)); };
  EXPECT_EQ(asked("a"), "VALUE 0 one");
  EXPECT_EQ(asked("az"), "VALUE 0 one");
  EXPECT_EQ(asked("ab"), "VALUE 0 two");
  EXPECT_EQ(asked("abcd"), "VALUE 0 three");
  EXPECT_EQ(asked("abcz"), "VALUE 0 three");
  EXPECT_EQ(asked("abz"), "VALUE 0 two");
  EXPECT_EQ(asked("b"), "VALUE 0 rest");
  EXPECT_EQ(asked("A"), "VALUE 0 rest");
  EXPECT_EQ(asked("zz"), "VALUE 0 rest");
}

TEST_F(PrefixSelectorRouteTest, OnlyWhatIsBeforeTheHashStopCounts) {
  Route* const route = Make(MakePrefixSelectorRoute,
                            R"({"policies": {"ab|#|c": "stop", "ab": "two"}, "wildcard": "r"})");
  EXPECT_EQ(Ask(route, "get ab|#|cd"), "VALUE 0 two");
}

TEST_F(PrefixSelectorRouteTest, ItAgreesWithTryingAllPrefixes) {
  std::random_device device;
  const std::uint64_t seed = device();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  const auto word = [&](std::size_t longest) {
    std::string text(random() % (longest + 1), 'a');
    for (char& letter : text) letter = static_cast<char>('a' + random() % 2);
    return text;
  };
  for (int round = 0; round < 50; ++round) {
    std::vector<std::unique_ptr<FakeRoute>> fakes;
    std::map<std::string, Route*> policies;
    for (int i = 0; i < 20; ++i) {
      const std::string prefix = word(6);
      fakes.push_back(std::make_unique<FakeRoute>(absl::StrCat("p", prefix)));
      policies.emplace(prefix, fakes.back().get());
    }
    FakeRoute wildcard("none");
    PrefixSelectorRoute route({policies.begin(), policies.end()}, &wildcard);
    for (int i = 0; i < 20; ++i) {
      const std::string key = absl::StrCat(word(8), "c");
      std::string longest = "none";
      for (const auto& [prefix, fake] : policies) {
        if (absl::StartsWith(key, prefix)) longest = absl::StrCat("p", prefix);
      }
      EXPECT_EQ(Ask(&route, absl::StrCat("get ", key)), absl::StrCat("VALUE 0 ", longest)) << key;
    }
  }
}

TEST_F(PrefixSelectorRouteTest, WithoutAWildcardAKeyThatFitsNowhereIsAnError) {
  Route* const route = Make(MakePrefixSelectorRoute, R"({"policies": {"a": "one"}})");
  EXPECT_EQ(Ask(route, "get b"), PrefixSelectorRoute::kNoRoute);
  EXPECT_FALSE(HasShortWay(route, "get b"));
  EXPECT_EQ(Shown(*route, "get b"), "prefix-selector");
  EXPECT_EQ(Complaint(MakePrefixSelectorRoute, "{}"),
            "test:1: has neither \"policies\" nor a \"wildcard\"");
}

TEST_F(PrefixSelectorRouteTest, TheShortWayIsThatOfTheRoute) {
  Route* const route =
      Make(MakePrefixSelectorRoute, R"({"policies": {"a": "one"}, "wildcard": "rest"})");
  child("one").set_first(ShortWay());
  EXPECT_TRUE(HasShortWay(route, "get a"));
  EXPECT_FALSE(HasShortWay(route, "get b"));
  EXPECT_EQ(Shown(*route, "get a"), "prefix-selector .one");
}

}  // namespace
}  // namespace ringcache::router

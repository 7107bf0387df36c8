#include "router/route/selection/host_id_route.h"

#include <map>
#include <string>

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class HostIdRouteTest : public RouteFixture {
 protected:
  std::string ChosenBy(std::uint32_t host, const std::string& json) {
    builder_.mutable_settings().host_id = host;
    return Make(MakeHostIdRoute, json)->name();
  }
};

TEST_F(HostIdRouteTest, AHostHasOneChildAndHostsShareThem) {
  std::map<std::string, int> chosen;
  for (std::uint32_t host = 0; host < 300; ++host) {
    const std::string child = ChosenBy(host, R"({"children": ["a", "b", "c"]})");
    EXPECT_EQ(ChosenBy(host, R"({"children": ["a", "b", "c"]})"), child);
    ++chosen[child];
  }
  EXPECT_EQ(chosen.size(), 3u);
  for (const auto& [child, count] : chosen) EXPECT_GT(count, 70) << child;
}

TEST_F(HostIdRouteTest, ASaltSharesThemOtherwise) {
  int differs = 0;
  for (std::uint32_t host = 0; host < 100; ++host) {
    if (ChosenBy(host, R"({"children": ["a", "b"]})") !=
        ChosenBy(host, R"({"children": ["a", "b"], "salt": "x"})")) {
      ++differs;
    }
  }
  EXPECT_GT(differs, 25);
  EXPECT_LT(differs, 75);
}

}  // namespace
}  // namespace ringcache::router

#include "router/route/selection/latest_route.h"

#include <map>
#include <string>

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class LatestRouteTest : public RouteFixture {
 protected:
  std::string Chosen(std::uint32_t host, std::uint64_t seed, const std::string& json) {
    builder_.mutable_settings().host_id = host;
    builder_.mutable_settings().seed = seed;
    return Shown(*Make(MakeLatestRoute, json), "get key");
  }
};

TEST_F(LatestRouteTest, ARouterUsesFewChildrenAndRoutersShareThem) {
  const char* const json = R"({"children": ["a", "b", "c"], "failover_count": 1})";
  std::map<std::string, int> chosen;
  for (std::uint32_t host = 0; host < 300; ++host) {
    EXPECT_EQ(Chosen(host, 1, json), Chosen(host, 2, json));
    ++chosen[Chosen(host, 1, json)];
  }
  EXPECT_EQ(chosen.size(), 3u);
  for (const auto& [shown, count] : chosen) EXPECT_GT(count, 70) << shown;
}

TEST_F(LatestRouteTest, WorkersMayDiffer) {
  const char* const json =
      R"({"children": ["a", "b"], "failover_count": 1, "thread_local_failover": true})";
  std::map<std::string, int> chosen;
  for (std::uint64_t seed = 0; seed < 100; ++seed) ++chosen[Chosen(1, seed, json)];
  EXPECT_EQ(chosen.size(), 2u);
}

TEST_F(LatestRouteTest, OneStandsInForAnother) {
  Route* const route = Make(MakeLatestRoute, R"({"children": ["a", "b", "c", "d", "e", "f"]})");
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) child(name).Says("!timed out");
  EXPECT_EQ(Ask(route, "get key"), "!timed out");
  std::size_t asked = 0;
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) asked += Asked(name).size();
  EXPECT_EQ(asked, 5u);
}

TEST_F(LatestRouteTest, NoChildrenAtAllIsAMistake) {
  EXPECT_NE(Complaint(MakeLatestRoute, R"({"children": ["a"], "failover_count": 0})"), "");
}

}  // namespace
}  // namespace ringcache::router

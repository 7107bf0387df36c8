#include "router/route/pool_route.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "router/route/route_fixture.h"
#include "router/route/scripted_pool.h"

namespace ringcache::router {
namespace {

class PoolRouteTest : public RouteFixture {
 protected:
  Route* MakeWith(const std::string& more) {
    absl::StatusOr<Route*> route =
        on_servers_.Make(MakePoolRoute, absl::StrCat(R"({"pool": "A")", more, "}"));
    EXPECT_TRUE(route.ok()) << route.status();
    return *route;
  }
  std::string TextFor(std::uint32_t member) { return absl::StrCat("get ", servers_.KeyOf(member)); }

  ScriptedPool servers_{&loop_, 3};
  FakeBuilder on_servers_{&servers_.pool()};
};

TEST_F(PoolRouteTest, TheOwnerOfAKeyIsAsked) {
  Route* const route = MakeWith("");
  for (const std::uint32_t member : {0u, 1u, 2u}) {
    const std::string text = TextFor(member);
    EXPECT_EQ(Ask(route, text), absl::StrCat("VALUE 0 ", member));
    EXPECT_EQ(servers_.TakeRequests(member), Lines{text});
  }
  EXPECT_TRUE(HasShortWay(route, "get key"));
}

TEST_F(PoolRouteTest, ShadowsAreByTheOwnersIndex) {
  Route* const route =
      MakeWith(R"(, "shadows": [{"target": "s", "index_range": [1, 1]}], "hash": "Ch3")");
  Ask(route, TextFor(0));
  EXPECT_EQ(on_servers_.route("s").TakeRequests(), Lines{});
  const std::string text = TextFor(1);
  EXPECT_EQ(Ask(route, text), "VALUE 0 1");
  EXPECT_EQ(on_servers_.route("s").TakeRequests(), Lines{text});
}

TEST_F(PoolRouteTest, RatesAndHowManyAreUnderWayMayBeLimited) {
  Route* const route = MakeWith(R"(, "rates": {"gets_rate": 0, "gets_burst": 1})");
  EXPECT_EQ(Ask(route, TextFor(0)), "VALUE 0 0");
  EXPECT_EQ(Ask(route, TextFor(0)), "END");
  Route* const one = MakeWith(R"(, "max_outstanding": 1)");
  servers_.Says(0, "");
  Pending* const first = Begin(one, TextFor(0));
  Pending* const second = Begin(one, TextFor(1));
  loop_.RunFor(absl::Milliseconds(500));
  EXPECT_FALSE(second->done());
  loop_.RunFor(absl::Seconds(1));
  EXPECT_EQ(first->text(), "!timed out");
  EXPECT_EQ(second->text(), "VALUE 0 1");
}

TEST_F(PoolRouteTest, MistakesInAConfigurationAreNamed) {
  for (const char* more : {R"("rates": 5)", R"("max_outstanding": 0)", R"("shadows": 5)",
                           R"("shadows": [{}])", R"("asynclog": 5)", R"("what": 5)"}) {
    EXPECT_NE(Complaint(MakePoolRoute, absl::StrCat(R"({"pool": "A", )", more, "}")), "") << more;
  }
  EXPECT_NE(Complaint(MakePoolRoute, "{}"), "");
}

}  // namespace
}  // namespace ringcache::router

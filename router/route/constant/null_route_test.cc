#include "router/route/constant/null_route.h"

#include <utility>

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

using NullRouteTest = RouteFixture;

TEST_F(NullRouteTest, NothingIsThereAndNothingIsKept) {
  Route* const route = Make(MakeNullRoute, "{}");
  const std::pair<const char*, const char*> kCases[] = {
      {"get key", "END"},
      {"gats 5 key", "END"},
      {"mg key v", "EN"},
      {"set key 0 0 1 = a", "NOT_STORED"},
      {"cas key 0 0 1 7 = a", "NOT_STORED"},
      {"ms key 1 = a", "NS"},
      {"delete key", "NOT_FOUND"},
      {"incr key 1", "NOT_FOUND"},
      {"touch key 5", "NOT_FOUND"},
      {"md key", "NF"},
      {"ma key", "NF"},
  };
  for (const auto& [text, reply] : kCases) EXPECT_EQ(Ask(route, text), reply) << text;
}

TEST_F(NullRouteTest, ItsTwoNamesAreShown) {
  EXPECT_EQ(Shown(*Make(MakeNullRoute, "{}"), "get key"), "null");
  EXPECT_EQ(Shown(*Make(MakeDevNullRoute, "{}"), "get key"), "devnull");
  EXPECT_NE(Complaint(MakeNullRoute, R"({"children": []})"), "");
}

}  // namespace
}  // namespace ringcache::router

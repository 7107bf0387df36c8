#include "router/route/fan_out/all_async_route.h"

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class AllAsyncRouteTest : public RouteFixture {
 protected:
  Route* const route_ = Make(MakeAllAsyncRoute, R"({"children": ["a", "b", "c"]})");
};

TEST_F(AllAsyncRouteTest, NobodyWaitsForTheReplies) {
  for (const char* name : {"a", "b", "c"}) child(name).set_latency(absl::Seconds(1));
  EXPECT_EQ(Begin(route_, "set key 0 0 1 = a")->text(), "NOT_STORED");
  EXPECT_EQ(Begin(route_, "delete key")->text(), "NOT_FOUND");
  EXPECT_EQ(Begin(route_, "mg key v")->text(), "EN");
  EXPECT_EQ(child("c").pending(), 3);
  LetAllEnd();
  EXPECT_EQ(Asked("c"), (Lines{"set key 0 0 1 = a", "delete key", "mg key v"}));
  EXPECT_EQ(Shown(*route_, "get key"), "all-async .a .b .c");
}

}  // namespace
}  // namespace ringcache::router

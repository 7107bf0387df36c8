#include "router/route/fan_out/all_sync_route.h"

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class AllSyncRouteTest : public RouteFixture {
 protected:
  Route* const route_ = Make(MakeAllSyncRoute, R"({"children": ["a", "b", "c"]})");
};

TEST_F(AllSyncRouteTest, TheWorstReplyIsGivenOnceAllHaveCome) {
  child("a").set_latency(absl::Seconds(1));
  EXPECT_EQ(Ask(route_, "get key"), "VALUE 0 a");
  child("b").Says("END");
  EXPECT_EQ(Ask(route_, "get key"), "END");
  child("c").Says("!timed out");
  EXPECT_EQ(Ask(route_, "get key"), "!timed out");
  EXPECT_EQ(child("a").pending(), 0);
}

TEST_F(AllSyncRouteTest, ADeleteThatOneChildMissedIsAMiss) {
  child("b").Says("NOT_FOUND");
  EXPECT_EQ(Ask(route_, "delete key"), "NOT_FOUND");
  for (const char* name : {"a", "b", "c"}) EXPECT_EQ(Asked(name), Lines{"delete key"});
}

TEST_F(AllSyncRouteTest, MetaRepliesAreComparedLikewise) {
  child("a").Says("HD");
  child("b").Says("NS");
  child("c").Says("EX");
  EXPECT_EQ(Ask(route_, "ms key 1 T5 = a"), "EX");
}

TEST_F(AllSyncRouteTest, AllAreAskedAtOnce) {
  for (const char* name : {"a", "b", "c"}) child(name).set_latency(absl::Seconds(1));
  const absl::Duration start = loop_.MonotonicNow();
  EXPECT_EQ(Ask(route_, "set key 0 0 1 = a"), "STORED");
  EXPECT_EQ(loop_.MonotonicNow() - start, absl::Seconds(1));
  EXPECT_EQ(Shown(*route_, "get key"), "all-sync .a .b .c");
}

TEST_F(AllSyncRouteTest, ItNeedsChildren) {
  EXPECT_NE(Complaint(MakeAllSyncRoute, R"({"children": []})"), "");
  EXPECT_NE(Complaint(MakeAllSyncRoute, R"({"children": ["a"], "target": "a"})"), "");
}

}  // namespace
}  // namespace ringcache::router

#include "router/route/limit/outstanding_limit_route.h"

#include <vector>

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class OutstandingLimitRouteTest : public RouteFixture {
 protected:
  Route* const route_ = Make(MakeOutstandingLimitRoute, R"({"target": "a", "max_outstanding": 2})");
};

TEST_F(OutstandingLimitRouteTest, SoManyAreUnderWayAndOthersWait) {
  child("a").set_latency(absl::Seconds(1));
  std::vector<Pending*> calls;
  for (int i = 0; i < 5; ++i) calls.push_back(Begin(route_, "get key"));
  EXPECT_EQ(child("a").pending(), 2);
  loop_.RunFor(absl::Seconds(1));
  EXPECT_EQ(child("a").pending(), 2);
  EXPECT_TRUE(calls[1]->done());
  EXPECT_FALSE(calls[2]->done());
  loop_.RunFor(absl::Seconds(2));
  EXPECT_EQ(calls[4]->text(), "VALUE 0 a");
  EXPECT_EQ(Asked("a").size(), 5u);
}

TEST_F(OutstandingLimitRouteTest, ClientsTakeTurns) {
  child("a").set_latency(absl::Seconds(1));
  for (int i = 0; i < 6; ++i) Begin(route_, "get greedy", 1);
  Pending* const other = Begin(route_, "get modest", 2);
  loop_.RunFor(absl::Seconds(1));
  EXPECT_EQ(child("a").TakeRequests(),
            (Lines{"get greedy", "get greedy", "get greedy", "get modest"}));
  loop_.RunFor(absl::Seconds(1));
  EXPECT_TRUE(other->done());
  LetAllEnd();
}

TEST_F(OutstandingLimitRouteTest, ManyThatAreDoneAtOnceDoNotNest) {
  child("a").set_latency(absl::Seconds(1));
  Begin(route_, "get key");
  Begin(route_, "get key");
  std::vector<Pending*> calls;
  for (std::size_t i = 0; i < OutstandingLimitRoute::kMaxWaiting; ++i) {
    calls.push_back(Begin(route_, "get key"));
  }
  EXPECT_EQ(Begin(route_, "get key")->text(), OutstandingLimitRoute::kFull);
  child("a").set_latency(absl::ZeroDuration());
  loop_.RunFor(absl::Seconds(1));
  for (Pending* call : calls) ASSERT_TRUE(call->done());
  EXPECT_EQ(Ask(route_, "get key"), "VALUE 0 a");
}

TEST_F(OutstandingLimitRouteTest, ItIsReadFromAConfiguration) {
  EXPECT_EQ(Shown(*route_, "get key"), "outstanding-limit|2 .a");
  EXPECT_EQ(Complaint(MakeOutstandingLimitRoute, R"({"target": "a"})"),
            "test:1: has no \"max_outstanding\"");
  EXPECT_NE(Complaint(MakeOutstandingLimitRoute, R"({"target": "a", "max_outstanding": 0})"), "");
}

}  // namespace
}  // namespace ringcache::router

#include "router/route/limit/latency_injection_route.h"

#include <string>

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class LatencyInjectionRouteTest : public RouteFixture {
 protected:
  absl::Duration LatencyOf(const std::string& json) {
    Route* const route = Make(MakeLatencyInjectionRoute, json);
    const absl::Duration start = loop_.MonotonicNow();
    EXPECT_EQ(Ask(route, "get key"), "VALUE 0 a");
    return loop_.MonotonicNow() - start;
  }
};

TEST_F(LatencyInjectionRouteTest, TimesBeforeAndAfterAddUp) {
  child("a").set_latency(absl::Milliseconds(10));
  EXPECT_EQ(LatencyOf(R"({"child": "a", "before_latency_ms": 5, "after_latency_ms": 7})"),
            absl::Milliseconds(22));
  EXPECT_EQ(LatencyOf(R"({"child": "a"})"), absl::Milliseconds(10));
}

TEST_F(LatencyInjectionRouteTest, ATotalIsTheLeast) {
  child("a").set_latency(absl::Milliseconds(10));
  EXPECT_EQ(LatencyOf(R"({"child": "a", "total_latency_ms": 50})"), absl::Milliseconds(50));
  EXPECT_EQ(LatencyOf(R"({"child": "a", "total_latency_ms": 3})"), absl::Milliseconds(10));
}

TEST_F(LatencyInjectionRouteTest, TheChildIsAskedAfterTheTimeBefore) {
  Route* const route = Make(MakeLatencyInjectionRoute, R"({"child": "a", "before_latency_ms": 5})");
  Begin(route, "get key");
  EXPECT_EQ(Asked("a"), Lines{});
  loop_.RunFor(absl::Milliseconds(5));
  EXPECT_EQ(Asked("a"), Lines{"get key"});
  EXPECT_EQ(Shown(*route, "get key"), "latency-injection .a");
}

TEST_F(LatencyInjectionRouteTest, ATimeHasABound) {
  EXPECT_NE(Complaint(MakeLatencyInjectionRoute, R"({"child": "a", "total_latency_ms": 600001})"),
            "");
}

}  // namespace
}  // namespace ringcache::router

#include "router/route/selection/operation_selector_route.h"

#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

using OperationSelectorRouteTest = RouteFixture;

TEST_F(OperationSelectorRouteTest, AnOperationGoesToItsRouteAndAllElseToTheDefault) {
  Route* const route =
      Make(MakeOperationSelectorRoute,
           R"({"default_policy": "other", "operation_policies": {"get": "g", "add": "a"}})");
  for (const char* text : {"get key", "gets key", "mg key v", "set key 0 0 1 = a",
                           "add key 0 0 1 = a", "delete key", "gat 5 key"}) {
    Ask(route, text);
  }
  EXPECT_EQ(Asked("g"), (Lines{"get key", "gets key", "mg key v"}));
  EXPECT_EQ(Asked("a"), Lines{"add key 0 0 1 = a"});
  EXPECT_EQ(Asked("other"), (Lines{"set key 0 0 1 = a", "delete key", "gat 5 key"}));
}

TEST_F(OperationSelectorRouteTest, TwinsMayBeNamedApart) {
  Route* const route = Make(MakeOperationSelectorRoute,
                            R"({"operation_policies": {"get": "g", "gets": "s", "mg": "m",
                                "set": "t", "delete": "d", "incr": "i"}})");
  for (const char* text :
       {"gets key", "mg key v", "ms key 1 = a", "md key", "ma key", "incr key 1"}) {
    Ask(route, text);
  }
  EXPECT_EQ(Asked("s"), Lines{"gets key"});
  EXPECT_EQ(Asked("m"), Lines{"mg key v"});
  EXPECT_EQ(Asked("t"), Lines{"ms key 1 = a"});
  EXPECT_EQ(Asked("d"), Lines{"md key"});
  EXPECT_EQ(Asked("i"), (Lines{"ma key", "incr key 1"}));
}

TEST_F(OperationSelectorRouteTest, WithoutADefaultNothingHappens) {
  Route* const route = Make(MakeOperationSelectorRoute, R"({"operation_policies": {"set": "a"}})");
  EXPECT_EQ(Ask(route, "get key"), "END");
  EXPECT_EQ(Ask(route, "delete key"), "NOT_FOUND");
  EXPECT_FALSE(HasShortWay(route, "get key"));
  EXPECT_EQ(Shown(*route, "get key"), "operation-selector");
}

TEST_F(OperationSelectorRouteTest, TheShortWayIsThatOfTheRoute) {
  Route* const route = Make(MakeOperationSelectorRoute,
                            R"({"default_policy": "a", "operation_policies": {"get": "g"}})");
  child("g").set_first(ShortWay());
  EXPECT_TRUE(HasShortWay(route, "get key"));
  EXPECT_FALSE(HasShortWay(route, "delete key"));
  EXPECT_EQ(Shown(*route, "get key"), "operation-selector .g");
}

TEST_F(OperationSelectorRouteTest, AnUnknownOperationIsAMistake) {
  EXPECT_EQ(Complaint(MakeOperationSelectorRoute, R"({"operation_policies": {"fetch": "a"}})"),
            "test:1: operation_policies.fetch: there is no operation \"fetch\"; they are named as "
            "on the wire: get, set, delete, mg");
  EXPECT_NE(Complaint(MakeOperationSelectorRoute, R"({"operation_policies": {"stats": "a"}})"), "");
}

}  // namespace
}  // namespace ringcache::router

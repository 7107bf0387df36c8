#include "router/route/rewriting/key_split_route.h"

#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class KeySplitRouteTest : public RouteFixture {
 protected:
  // Of a router that reads copy `own` of three.
  Route* Reading(int own, const std::string& more = "") {
    for (;;) {
      Route* const route =
          Make(MakeKeySplitRoute, absl::StrCat(R"({"destination": "a", "replicas": 3)", more, "}"));
      if (absl::EndsWith(route->name(), absl::StrCat("|", own))) return route;
      ++builder_.mutable_settings().host_id;
    }
  }
  std::set<std::string> AskedSet() {
    const Lines lines = Asked("a");
    return {lines.begin(), lines.end()};
  }
};

TEST_F(KeySplitRouteTest, ARouterReadsItsCopy) {
  Ask(Reading(0), "get key");
  Ask(Reading(2), "get key");
  Ask(Reading(2), "get key|#|rest");
  Ask(Reading(2), "mg a2V5 v b");  // "key", "key:2"
  EXPECT_EQ(Asked("a"), (Lines{"get key", "get key:2", "get key:2|#|rest", "mg a2V5OjI= v b"}));
}

TEST_F(KeySplitRouteTest, AfterAMissCopyZeroMayBeRead) {
  child("a").Says("END");
  EXPECT_EQ(Ask(Reading(1), "get key"), "END");
  EXPECT_EQ(Asked("a"), Lines{"get key:1"});
  EXPECT_EQ(Ask(Reading(1, R"(, "first_hit": true)"), "get key"), "END");
  EXPECT_EQ(Asked("a"), (Lines{"get key:1", "get key"}));
}

TEST_F(KeySplitRouteTest, WhatStoresGoesToAllCopiesAndItsOwnReplies) {
  child("a").set_answer([](const std::string& request) -> std::string {
    return absl::StrContains(request, "key:1") ? "NOT_STORED" : "STORED";
  });
  EXPECT_EQ(Ask(Reading(1), "set key 5 60 1 = a"), "NOT_STORED");
  EXPECT_EQ(AskedSet(), (std::set<std::string>{"set key 5 60 1 = a", "set key:1 5 60 1 = a",
                                               "set key:2 5 60 1 = a"}));
  EXPECT_EQ(Ask(Reading(2), "set key 5 60 1 = a"), "STORED");
  EXPECT_EQ(Ask(Reading(2, R"(, "all_sync": true)"), "set key 5 60 1 = a"), "NOT_STORED");
}

TEST_F(KeySplitRouteTest, DeletesAwaitAllCopiesAndOneThatWasThereIsEnough) {
  child("a").set_answer([](const std::string& request) -> std::string {
    return absl::StrContains(request, "key:1") ? "DELETED" : "NOT_FOUND";
  });
  EXPECT_EQ(Ask(Reading(0), "delete key"), "DELETED");
  EXPECT_EQ(AskedSet().size(), 3u);
  child("a").set_answer([](const std::string& request) -> std::string {
    return absl::StrContains(request, "key:1") ? "!timed out" : "DELETED";
  });
  EXPECT_EQ(Ask(Reading(0), "delete key"), "!timed out");
  child("a").Says("NOT_FOUND");
  EXPECT_EQ(Ask(Reading(0), "delete key"), "NOT_FOUND");
}

TEST_F(KeySplitRouteTest, AKeyThatIsTooLongForItsCopiesIsAnError) {
  EXPECT_EQ(Ask(Reading(1), absl::StrCat("get ", std::string(249, 'x'))),
            "CLIENT_ERROR the key is too long for its copies");
  EXPECT_EQ(Ask(Reading(0), absl::StrCat("delete ", std::string(249, 'x'))),
            "CLIENT_ERROR the key is too long for its copies");
}

TEST_F(KeySplitRouteTest, OnlyReadingCopyZeroTakesTheShortWay) {
  child("a").set_first(ShortWay());
  EXPECT_TRUE(HasShortWay(Reading(0), "get key"));
  EXPECT_FALSE(HasShortWay(Reading(0), "set key 0 0 1 = a"));
  EXPECT_FALSE(HasShortWay(Reading(1), "get key"));
  EXPECT_EQ(Shown(*Reading(1), "get key"), "keysplit|3|1 .a");
  EXPECT_NE(Complaint(MakeKeySplitRoute, R"({"destination": "a", "replicas": 1})"), "");
  EXPECT_NE(Complaint(MakeKeySplitRoute, R"({"destination": "a", "replicas": 101})"), "");
}

}  // namespace
}  // namespace ringcache::router

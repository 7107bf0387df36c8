#include "router/route/warming/ring_warm_up_route.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "router/route/pool_route.h"
#include "router/route/route_fixture.h"
#include "router/route/scripted_pool.h"

namespace ringcache::router {
namespace {

constexpr absl::Duration kWarmUp = absl::Seconds(100);

// A pool of two members that becomes one of three.
class RingWarmUpRouteTest : public RouteFixture {
 protected:
  RingWarmUpRouteTest() {
    std::string key;
    do {
      key = absl::StrCat("moved", next_++);
      before_ = servers_.pool().OwnerOf(key);
    } while (!WillMove(key));
    key_ = key;
    servers_.Resize(3);
  }
  bool WillMove(const std::string& key) { return grown_.pool().OwnerOf(key) == 2; }
  std::string AskFor(absl::string_view command, absl::string_view rest = "") {
    return Ask(&route_, absl::StrCat(command, " ", key_, rest));
  }
  std::string Line(absl::string_view command, absl::string_view rest = "") {
    return absl::StrCat(command, " ", key_, rest);
  }

  ScriptedPool servers_{&loop_, 2, kWarmUp};
  ScriptedPool grown_{&loop_, 3};
  PoolRoute pool_route_{&servers_.pool()};
  RingWarmUpRoute route_{&servers_.pool(), &pool_route_};
  int next_ = 0;
  std::uint32_t before_ = 0;
  std::string key_;
};

TEST_F(RingWarmUpRouteTest, WhatTheNewOwnerMissesComesFromTheOneBefore) {
  servers_.Says(2, "END");
  servers_.Says(before_, absl::StrCat("VA 5 f7 k", key_, " t60\r\nvalue"));
  EXPECT_EQ(AskFor("get"), "VALUE 7 value");
  loop_.RunFor(absl::Seconds(1));
  EXPECT_EQ(servers_.TakeRequests(before_), Lines{absl::StrCat("mg ", key_, " f k t v")});
  EXPECT_EQ(servers_.TakeRequests(2), (Lines{Line("get"), Line("add", " 7 60 5 = value")}));
}

TEST_F(RingWarmUpRouteTest, WhatTheNewOwnerHasIsItsOwn) {
  EXPECT_EQ(AskFor("get"), "VALUE 0 2");
  EXPECT_EQ(AskFor("set", " 0 0 1 = a"), "STORED");
  EXPECT_EQ(servers_.TakeRequests(before_), Lines{});
}

TEST_F(RingWarmUpRouteTest, DeletesGoToBoth) {
  servers_.Says(2, "NOT_FOUND");
  EXPECT_EQ(AskFor("delete"), "DELETED");
  EXPECT_EQ(servers_.TakeRequests(before_), Lines{Line("delete")});
  EXPECT_EQ(servers_.TakeRequests(2), Lines{Line("delete")});
  servers_.Says(before_, "SERVER_ERROR out of memory");
  EXPECT_EQ(AskFor("delete"), "SERVER_ERROR out of memory");
}

TEST_F(RingWarmUpRouteTest, AfterTheWarmUpOnlyTheOwnerIsAsked) {
  loop_.RunFor(kWarmUp);
  servers_.Says(2, "END");
  EXPECT_EQ(AskFor("get"), "END");
  servers_.Says(2, "NOT_FOUND");
  EXPECT_EQ(AskFor("delete"), "NOT_FOUND");
  EXPECT_EQ(servers_.TakeRequests(before_), Lines{});
}

TEST_F(RingWarmUpRouteTest, KeysThatHaveNotMovedKeepTheirShortWay) {
  std::string stayed;
  do {
    stayed = absl::StrCat("stayed", next_++);
  } while (WillMove(stayed));
  const auto first = [this](absl::string_view text) {
    const RouteRequest request = RequestOf(text);
    return route_.First(request.request, request.key());
  };
  EXPECT_EQ(first(absl::StrCat("get ", stayed)).reacts, nullptr);
  EXPECT_TRUE(HasShortWay(&route_, absl::StrCat("delete ", stayed)));
  EXPECT_TRUE(first(Line("get")).reacts_to_misses);
  EXPECT_EQ(first(Line("set", " 0 0 1 = a")).reacts, nullptr);
  EXPECT_FALSE(HasShortWay(&route_, Line("delete")));
  loop_.RunFor(kWarmUp);
  EXPECT_EQ(first(Line("get")).reacts, nullptr);
}

TEST_F(RingWarmUpRouteTest, APoolWithoutAWarmUpGoesWithoutIt) {
  EXPECT_EQ(WithWarmUp(&grown_.pool(), &pool_route_, &builder_), &pool_route_);
  EXPECT_NE(WithWarmUp(&servers_.pool(), &pool_route_, &builder_), &pool_route_);
}

TEST_F(RingWarmUpRouteTest, BothOwnersAreShown) {
  EXPECT_EQ(Shown(route_, Line("get")),
            absl::StrCat("pool|scripted .cache-2:11211 owner-before|scripted .cache-", before_,
                         ":11211"));
}

}  // namespace
}  // namespace ringcache::router

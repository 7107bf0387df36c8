#include "router/route/exptime.h"

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "router/route/transcript.h"

namespace ringcache::router {
namespace {

constexpr absl::Time kWall = absl::FromUnixSeconds(1'700'000'000);

std::string Limited(absl::string_view text, std::int64_t limit_s) {
  RouteRequest request = RequestOf(text);
  LimitExptime(limit_s, kWall, &request.request);
  return TextOf(request);
}
std::string Changed(absl::string_view text, std::int64_t exptime_s) {
  RouteRequest request = RequestOf(text);
  SetExptime(exptime_s, &request.request);
  return TextOf(request);
}

TEST(ExptimeTest, ATimeIsRelativeAbsoluteForEverOrOver) {
  EXPECT_EQ(SecondsToLive(0, kWall), kForEverS);
  EXPECT_EQ(SecondsToLive(-1, kWall), 0);
  EXPECT_EQ(SecondsToLive(60, kWall), 60);
  EXPECT_EQ(SecondsToLive(kMaxRelativeExptimeS, kWall), kMaxRelativeExptimeS);
  EXPECT_EQ(SecondsToLive(1'700'000'060, kWall), 60);
  EXPECT_EQ(SecondsToLive(1'600'000'000, kWall), 0);
}

TEST(ExptimeTest, WhatGivesATimeToLiveIsTheInverse) {
  for (const std::int64_t seconds : {std::int64_t{0}, std::int64_t{1}, kMaxRelativeExptimeS,
                                     kMaxRelativeExptimeS + 1, kForEverS}) {
    EXPECT_EQ(SecondsToLive(ExptimeFor(seconds, kWall), kWall), seconds);
  }
}

TEST(ExptimeTest, OnlySomeRequestsGiveATime) {
  EXPECT_EQ(ExptimeOf(RequestOf("set key 0 60 1 = a").request), 60);
  EXPECT_EQ(ExptimeOf(RequestOf("cas key 0 60 1 7 = a").request), 60);
  EXPECT_EQ(ExptimeOf(RequestOf("touch key 60").request), 60);
  EXPECT_EQ(ExptimeOf(RequestOf("gat 60 key").request), 60);
  EXPECT_EQ(ExptimeOf(RequestOf("ms key 1 T60 = a").request), 60);
  EXPECT_EQ(ExptimeOf(RequestOf("ms key 1 = a").request), 0);
  EXPECT_EQ(ExptimeOf(RequestOf("mg key v T60").request), 60);
  for (const char* text :
       {"get key", "mg key v", "ma key", "append key 0 60 1 = a", "delete key"}) {
    EXPECT_EQ(ExptimeOf(RequestOf(text).request), std::nullopt) << text;
  }
}

TEST(ExptimeTest, AChangedTimeIsWhatIsSent) {
  EXPECT_EQ(Changed("set key 5 60 1 = a", 7), "set key 5 7 1 = a");
  EXPECT_EQ(Changed("ms key 1 F5 = a", 7), "ms key 1 F5 T7 = a");
  EXPECT_EQ(Changed("ms key 1 T60 F5 Oabc k = a", 7), "ms key 1 F5 Oabc T7 k = a");
}

TEST(ExptimeTest, AQuietFlagDoesNotComeBackWithAChange) {
  RouteRequest request = RequestOf("ms key 1 q T60 = a");
  request.request.quiet = false;
  request.request.meta.text = "T60";
  SetExptime(7, &request.request);
  EXPECT_EQ(TextOf(request), "ms key 1 T7 = a");
}

TEST(ExptimeTest, ABinaryKeyStaysOne) {
  EXPECT_EQ(Changed("ms a2V5 1 b T60 = a", 7), "ms a2V5 1 T7 b = a");
}

TEST(ExptimeTest, ALimitIsTheMostOfAnyTime) {
  EXPECT_EQ(Limited("set key 0 0 1 = a", 60), "set key 0 60 1 = a");
  EXPECT_EQ(Limited("set key 0 61 1 = a", 60), "set key 0 60 1 = a");
  EXPECT_EQ(Limited("set key 0 59 1 = a", 60), "set key 0 59 1 = a");
  EXPECT_EQ(Limited("set key 0 -1 1 = a", 60), "set key 0 -1 1 = a");
  EXPECT_EQ(Limited("set key 0 1700000061 1 = a", 60), "set key 0 60 1 = a");
  EXPECT_EQ(Limited("set key 0 1700000059 1 = a", 60), "set key 0 1700000059 1 = a");
  EXPECT_EQ(Limited("ms key 1 = a", 60), "ms key 1 T60 = a");
  EXPECT_EQ(Limited("ma key N0 J1", 60), "ma key J1 N60");
  EXPECT_EQ(Limited("mg key v N30", 60), "mg key v N30");
  EXPECT_EQ(Limited("get key", 60), "get key");
}

}  // namespace
}  // namespace ringcache::router

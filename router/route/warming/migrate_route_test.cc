#include "router/route/warming/migrate_route.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class MigrateRouteTest : public RouteFixture {
 protected:
  // Begins in 1000 seconds and takes 2000.
  Route* const route_ =
      Make(MakeMigrateRoute, absl::StrCat(R"({"from": "from", "to": "to", "interval": 1000,
           "start_time": )",
                                          absl::ToUnixSeconds(loop_.WallNow()) + 1000, "}"));
  int KeysAtTo() {
    int moved = 0;
    for (int i = 0; i < 1000; ++i) {
      if (Ask(route_, absl::StrCat("get key", i, "|#|", moved)) == "VALUE 0 to") ++moved;
    }
    return moved;
  }
};

TEST_F(MigrateRouteTest, KeysMoveOneByOne) {
  EXPECT_EQ(KeysAtTo(), 0);
  loop_.RunFor(absl::Seconds(999));
  EXPECT_EQ(KeysAtTo(), 0);
  loop_.RunFor(absl::Seconds(501));
  EXPECT_NEAR(KeysAtTo(), 250, 60);
  loop_.RunFor(absl::Seconds(1000));
  EXPECT_NEAR(KeysAtTo(), 750, 60);
  loop_.RunFor(absl::Seconds(500));
  EXPECT_EQ(KeysAtTo(), 1000);
}

TEST_F(MigrateRouteTest, AKeyThatHasMovedStays) {
  loop_.RunFor(absl::Seconds(1000));
  bool moved = false;
  for (int i = 0; i < 2000; ++i) {
    loop_.RunFor(absl::Seconds(1));
    const bool is_there = Ask(route_, "set key 0 0 1 = a") == "STORED" && Asked("from").empty();
    EXPECT_FALSE(moved && !is_there) << i;
    moved = is_there;
    Asked("to");
  }
  EXPECT_TRUE(moved);
}

TEST_F(MigrateRouteTest, DeletesGoToBothWhileKeysMoveAndTheWorseReplyIsGiven) {
  child("to").Says("NOT_FOUND");
  child("from").set_latency(absl::Seconds(1));
  EXPECT_EQ(Ask(route_, "delete key"), "DELETED");
  loop_.RunFor(absl::Seconds(1500));
  EXPECT_EQ(Ask(route_, "delete key"), "NOT_FOUND");
  child("from").Says("!timed out");
  EXPECT_EQ(Ask(route_, "delete key"), "!timed out");
  child("to").Says("NF");
  child("from").Says("HD");
  EXPECT_EQ(Ask(route_, "md key"), "NF");
  Asked("from");
  loop_.RunFor(absl::Seconds(1500));
  EXPECT_EQ(Ask(route_, "delete key"), "NF");
  EXPECT_EQ(Asked("from"), Lines{});
  EXPECT_EQ(Shown(*route_, "get key"), "migrate .from .to");
}

TEST_F(MigrateRouteTest, AStartIsNeeded) {
  EXPECT_EQ(Complaint(MakeMigrateRoute, R"({"from": "a", "to": "b"})"),
            "test:1: has no \"start_time\", in Unix seconds");
  EXPECT_NE(
      Complaint(MakeMigrateRoute, R"({"from": "a", "to": "b", "start_time": 1, "interval": 0})"),
      "");
}

}  // namespace
}  // namespace ringcache::router

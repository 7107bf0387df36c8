#include "router/route/constant/error_route.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

using ErrorRouteTest = RouteFixture;

TEST_F(ErrorRouteTest, EverythingIsAnsweredWithTheError) {
  Route* const route = Make(MakeErrorRoute, R"({"response": "closed for today"})");
  EXPECT_EQ(Ask(route, "get key"), "SERVER_ERROR closed for today");
  EXPECT_EQ(Ask(route, "ms key 1 = a"), "SERVER_ERROR closed for today");
  EXPECT_EQ(Ask(Make(MakeErrorRoute, "{}"), "get key"), "SERVER_ERROR local error");
  EXPECT_EQ(Shown(*route, "get key"), "error|SERVER_ERROR closed for today");
}

TEST_F(ErrorRouteTest, AResponseIsOneShortLine) {
  EXPECT_EQ(Complaint(MakeErrorRoute, R"({"response": "a\r\nb"})"),
            "test:1: \"response\" has to be one line of text");
  EXPECT_EQ(
      Complaint(MakeErrorRoute, absl::StrCat(R"({"response": ")", std::string(1025, 'x'), "\"}")),
      "test:1: \"response\" is longer than 1024 bytes");
}

}  // namespace
}  // namespace ringcache::router

#include "server/refresh_list.h"

#include "gtest/gtest.h"

namespace ringcache::server {
namespace {

TEST(RefreshListTest, OneThatFailsStopsNoOther) {
  RefreshList list;
  list.Add([] { return std::string("verbosity 1"); });
  list.Add([] { return absl::NotFoundError("certificates: /tls/cert: no such file"); });
  list.Add([] { return std::string("users 3"); });
  const RefreshList::Outcome outcome = list.Run();
  EXPECT_FALSE(outcome.ok);
  EXPECT_EQ(outcome.text,
            "refreshed: verbosity 1, users 3; kept: certificates: /tls/cert: no such file");
}

TEST(RefreshListTest, WithNothingToRefreshItSaysSo) {
  const RefreshList::Outcome outcome = RefreshList().Run();
  EXPECT_TRUE(outcome.ok);
  EXPECT_EQ(outcome.text, "refreshed: nothing");
}

}  // namespace
}  // namespace ringcache::server

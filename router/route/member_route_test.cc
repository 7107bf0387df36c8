#include "router/route/member_route.h"

#include "absl/strings/str_cat.h"
#include "discovery/watcher.h"
#include "gtest/gtest.h"
#include "net/socket_address.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class MemberRouteTest : public RouteFixture {
 protected:
  void SetMembers(int count) {
    discovery::Snapshot snapshot;
    snapshot.version = 1;
    for (int i = 0; i < count; ++i) {
      discovery::Member member;
      member.name = absl::StrCat("cache-", i);
      member.port = 11211;
      member.address = net::SocketAddress::Loopback(1);
      snapshot.members.push_back(member);
    }
    ASSERT_TRUE(pool_.Update(snapshot).ok());
  }
  FirstStep First(MemberRoute* route) {
    const RouteRequest request = RequestOf("get key");
    return route->First(request.request, request.key());
  }
};

TEST_F(MemberRouteTest, AsksTheMemberInItsPlaceWhateverTheKey) {
  SetMembers(2);
  MemberRoute first(&pool_, 0), second(&pool_, 1);
  EXPECT_EQ(First(&first).pool, &pool_);
  EXPECT_EQ(First(&first).member, 0u);
  EXPECT_EQ(First(&second).member, 1u);
  EXPECT_EQ(Shown(second, "get key"), "member||1 .cache-1:11211");
}

TEST_F(MemberRouteTest, WithoutAMemberInItsPlaceRequestsFail) {
  SetMembers(1);
  MemberRoute route(&pool_, 1);
  EXPECT_EQ(First(&route).member, BackendPool::kNone);
  EXPECT_EQ(Shown(route, "get key"), "member||1");
  EXPECT_EQ(Ask(&route, "get key"), "!no members found yet");
}

}  // namespace
}  // namespace ringcache::router

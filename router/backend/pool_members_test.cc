#include "router/backend/pool_members.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "net/socket_address.h"

namespace ringcache::router {
namespace {

std::shared_ptr<const discovery::Snapshot> Snapshot(int members) {
  auto snapshot = std::make_shared<discovery::Snapshot>();
  snapshot->version = 7;
  for (int i = 0; i < members; ++i) {
    discovery::Member member;
    member.name = "10.0.0." + std::to_string(i);
    member.port = 11311;
    member.address = net::SocketAddress::Loopback(static_cast<std::uint16_t>(1 + i));
    member.weight = 3;
    snapshot->members.push_back(member);
  }
  return snapshot;
}

TEST(PoolMembersTest, AreKnownByTheirHostnames) {
  PoolConfig config;
  config.hostnames = {{"cache-0.example.", 11211, 1}, {"cache-1.example", 5, 1}};
  const auto before = Snapshot(2);
  const auto named = MembersOf(config, before);
  EXPECT_EQ(named->version, 7u);
  ASSERT_EQ(named->members.size(), 2u);
  EXPECT_EQ(named->members[0].name, "cache-0.example");
  EXPECT_EQ(named->members[0].port, 11211);
  EXPECT_EQ(named->members[0].address, before->members[0].address);
  EXPECT_EQ(named->members[1].name, "cache-1.example");
  EXPECT_EQ(named->members[1].port, 5);
  EXPECT_EQ(named->members[1].weight, 3u);
  EXPECT_EQ(before->members[0].name, "10.0.0.0");
}

TEST(PoolMembersTest, WithoutHostnamesStayAsTheyAre) {
  const auto snapshot = Snapshot(2);
  EXPECT_EQ(MembersOf(PoolConfig(), snapshot), snapshot);
}

TEST(PoolMembersTest, OfAnotherListAreNotNamed) {
  PoolConfig config;
  config.hostnames = {{"cache-0.example", 11211, 1}};
  const auto snapshot = Snapshot(2);
  EXPECT_EQ(MembersOf(config, snapshot), snapshot);
}

}  // namespace
}  // namespace ringcache::router

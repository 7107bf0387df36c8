#include "router/backend/backend_pools.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/epoll_event_loop.h"
#include "net/socket_address.h"

namespace ringcache::router {
namespace {

using hashring::PlacementKind;
using ::testing::ElementsAre;

// The loop never runs: nobody is talked to.
class BackendPoolsTest : public ::testing::Test {
 protected:
  void TearDown() override {
    for (BackendPool* const pool : held_) pools_.Release(pool);
    EXPECT_EQ(pools_.size(), 0u);
  }

  static PoolConfig Config(const std::string& name, int servers = 3) {
    PoolConfig config;
    config.name = name;
    config.listed = true;
    for (int i = 0; i < servers; ++i) config.address.members.push_back(Written(i));
    return config;
  }
  static client::ClusterOptions Defaults() {
    client::ClusterOptions options;
    options.timeout = absl::Milliseconds(700);
    return options;
  }
  static discovery::WrittenMember Written(int i) { return {absl::StrCat("10.0.0.", i), 11211, 1}; }
  static std::shared_ptr<const discovery::Snapshot> Members(int count) {
    auto snapshot = std::make_shared<discovery::Snapshot>();
    snapshot->version = static_cast<std::uint64_t>(count);
    for (int i = 0; i < count; ++i) {
      discovery::Member member;
      member.name = Written(i).host;
      member.port = Written(i).port;
      member.address = net::SocketAddress::Loopback(1);
      snapshot->members.push_back(member);
    }
    return snapshot;
  }

  BackendPool* Take(const PoolConfig& config, const PoolUse& use = {}) {
    const absl::StatusOr<BackendPool*> pool = pools_.PoolFor(config, use);
    EXPECT_TRUE(pool.ok()) << pool.status();
    held_.push_back(*pool);
    return *pool;
  }
  void GiveBack(BackendPool* pool) {
    held_.erase(std::find(held_.begin(), held_.end(), pool));
    pools_.Release(pool);
  }
  std::string Problem(const PoolConfig& config, const PoolUse& use) {
    const auto pool = pools_.PoolFor(config, use);
    if (!pool.ok()) return std::string(pool.status().message());
    pools_.Release(*pool);
    return "none";
  }
  static hashring::RingOptions RingOf(const BackendPool* pool) {
    return pool->options().cluster.ring;
  }

  const std::unique_ptr<net::EventLoop> loop_ = net::EpollEventLoop::Create().value();
  client::ConnectionResources resources_{loop_.get()};
  BackendPools pools_{&resources_, Defaults()};
  std::vector<BackendPool*> held_;
};

TEST_F(BackendPoolsTest, WhoAsksForTheSameGetsTheSame) {
  BackendPool* const pool = Take(Config("A"));
  EXPECT_EQ(Take(Config("A")), pool);
  EXPECT_EQ(pools_.size(), 1u);
  GiveBack(pool);
  EXPECT_EQ(pools_.size(), 1u);
  GiveBack(pool);
  EXPECT_EQ(pools_.size(), 0u);
}

TEST_F(BackendPoolsTest, WhatDiffersIsAnotherPool) {
  std::vector<BackendPool*> pools = {Take(Config("A")), Take(Config("B"))};
  const auto with = [](auto change) {
    PoolConfig config = Config("A");
    change(&config);
    return config;
  };
  pools.push_back(Take(with([](PoolConfig* c) { c->timeout = absl::Seconds(9); })));
  pools.push_back(Take(with([](PoolConfig* c) { c->connect_timeout = absl::Seconds(9); })));
  pools.push_back(Take(with([](PoolConfig* c) { c->connections = 9; })));
  pools.push_back(Take(with([](PoolConfig* c) { c->identity = client::Identity::kAddress; })));
  pools.push_back(Take(with([](PoolConfig* c) { c->warm_up = absl::Seconds(9); })));
  pools.push_back(Take(with([](PoolConfig* c) { c->max_down = MaxDown{0.5, 9}; })));
  pools.push_back(Take(with([](PoolConfig* c) { c->max_down = MaxDown{1, 9}; })));
  pools.push_back(Take(with([](PoolConfig* c) { c->placement = PlacementKind::kKetama; })));
  PoolUse salted;
  salted.ring.salt = "x";
  pools.push_back(Take(Config("A"), salted));
  EXPECT_EQ(pools_.size(), pools.size());
  // Other servers are the same pool with other members.
  EXPECT_EQ(Take(Config("A", 5)), pools[0]);
}

TEST_F(BackendPoolsTest, APoolSaysOfItselfOrTheDefaultsDo) {
  const client::ClusterOptions defaults = Take(Config("A"))->options().cluster;
  EXPECT_EQ(defaults.timeout, absl::Milliseconds(700));
  EXPECT_EQ(defaults.member.connections, 1u);
  PoolConfig config = Config("B");
  config.timeout = absl::Seconds(2);
  config.connect_timeout = absl::Seconds(3);
  config.connections = 4;
  config.identity = client::Identity::kAddress;
  config.warm_up = absl::Seconds(5);
  config.max_down = MaxDown{0.5, 6};
  const BackendPoolOptions& options = Take(config)->options();
  EXPECT_EQ(options.name, "B");
  EXPECT_EQ(options.cluster.timeout, absl::Seconds(2));
  EXPECT_EQ(options.cluster.member.connection.connect_timeout, absl::Seconds(3));
  EXPECT_EQ(options.cluster.member.connections, 4u);
  EXPECT_EQ(options.cluster.identity, client::Identity::kAddress);
  EXPECT_EQ(options.warm_up, absl::Seconds(5));
  EXPECT_EQ(options.cluster.max_down_share, 0.5);
  EXPECT_EQ(options.cluster.max_down_members, 6u);
}

TEST_F(BackendPoolsTest, TheRoutesHashGoesBeforeThePools) {
  PoolConfig config = Config("A");
  EXPECT_EQ(RingOf(Take(config)).placement, PlacementKind::kCh3);
  EXPECT_EQ(RingOf(Take(config)).ordering, hashring::Ordering::kListed);
  EXPECT_EQ(RingOf(Take(config)).hash_stop, "|#|");
  config.placement = PlacementKind::kKetama;
  EXPECT_EQ(RingOf(Take(config)).placement, PlacementKind::kKetama);
  PoolUse use;
  use.ring.placement = PlacementKind::kCrc32;
  use.names_placement = true;
  EXPECT_EQ(RingOf(Take(config, use)).placement, PlacementKind::kCrc32);
  // What discovery finds has ordinals in its names.
  config.listed = false;
  EXPECT_EQ(RingOf(Take(config, use)).ordering, hashring::Ordering::kOrdinal);
}

TEST_F(BackendPoolsTest, WeightsAreTheRoutesOrThePools) {
  PoolUse use;
  use.ring.placement = PlacementKind::kWeightedCh3;
  use.names_placement = true;
  PoolConfig config = Config("A", 2);
  EXPECT_THAT(RingOf(Take(config, use)).weights, ElementsAre());
  config.weights = {1, 0.5};
  EXPECT_THAT(RingOf(Take(config, use)).weights, ElementsAre(1, 0.5));
  use.weights = {0.25, 0.5};
  EXPECT_THAT(RingOf(Take(config, use)).weights, ElementsAre(0.25, 0.5));
  // A pool's weights are those of its members for others.
  EXPECT_THAT(RingOf(Take(config)).weights, ElementsAre());
  use.weights = {1};
  EXPECT_EQ(Problem(config, use),
            "there are 1 weights for the 2 \"servers\" of pool A; write one for each");
  config.listed = false;
  config.address = discovery::DiscoveryAddress::Parse("dns+a:1").value();
  EXPECT_EQ(Problem(config, use),
            "there are 1 weights for the 0 \"servers\" of pool A; write one for each");
  use.ring.placement = PlacementKind::kCh3;
  EXPECT_EQ(Problem(config, use), "weights in a hash are for WeightedCh3");
}

TEST_F(BackendPoolsTest, MembersComeToPoolsOfTheirNameNowAndLater) {
  BackendPool* const before = Take(Config("A"));
  BackendPool* const other = Take(Config("B"));
  EXPECT_EQ(before->size(), 0u);
  EXPECT_TRUE(pools_.Update("A", Members(3)).ok());
  EXPECT_EQ(before->size(), 3u);
  EXPECT_EQ(other->size(), 0u);
  PoolConfig patient = Config("A");
  patient.timeout = absl::Seconds(9);
  EXPECT_EQ(Take(patient)->size(), 3u);
  EXPECT_TRUE(pools_.Update("A", Members(4)).ok());
  EXPECT_EQ(before->size(), 4u);
}

TEST_F(BackendPoolsTest, MembersMayComeBeforeThePool) {
  EXPECT_TRUE(pools_.Update("A", Members(2)).ok());
  EXPECT_EQ(Take(Config("A"))->size(), 2u);
}

TEST_F(BackendPoolsTest, APoolThatIsGoneIsForgotten) {
  BackendPool* const pool = Take(Config("A"));
  EXPECT_TRUE(pools_.Update("A", Members(2)).ok());
  GiveBack(pool);
  EXPECT_EQ(Take(Config("A"))->size(), 0u);
}

TEST_F(BackendPoolsTest, AReloadKeepsThePoolsThatHaveNotChanged) {
  BackendPool* const same = Take(Config("A"));
  BackendPool* const dropped = Take(Config("B"));
  EXPECT_TRUE(pools_.Update("A", Members(2)).ok());
  client::MemberClient* const member = &same->member(0);
  // The new tree is built before the old one goes.
  BackendPool* const again = Take(Config("A"));
  GiveBack(same);
  GiveBack(dropped);
  EXPECT_EQ(again, same);
  EXPECT_EQ(&again->member(0), member);
  EXPECT_EQ(pools_.size(), 1u);
}

TEST_F(BackendPoolsTest, MembersOfANewConfigurationAreNoErrorOfAnOldPoolWithWeights) {
  PoolUse use;
  use.ring.placement = PlacementKind::kWeightedCh3;
  use.names_placement = true;
  use.weights = {1, 0.5};
  BackendPool* const old = Take(Config("A", 2), use);
  EXPECT_TRUE(pools_.Update("A", Members(2)).ok());
  // They come before the new routes and their pools do.
  EXPECT_EQ(pools_.Update("A", Members(3)), absl::OkStatus());
  EXPECT_EQ(old->size(), 2u) << "it stays as it was";
  use.weights = {1, 0.5, 0.5};
  EXPECT_EQ(Take(Config("A", 3), use)->size(), 3u);
}

TEST_F(BackendPoolsTest, MembersThatCannotBeTakenUpLeaveAPoolAsItWas) {
  BackendPool* const pool = Take(Config("A"));
  EXPECT_TRUE(pools_.Update("A", Members(3)).ok());
  auto twice = std::make_shared<discovery::Snapshot>(*Members(2));
  twice->members.push_back(twice->members.front());
  EXPECT_THAT(std::string(pools_.Update("A", twice).message()), testing::HasSubstr("10.0.0.0"));
  EXPECT_EQ(pool->size(), 3u);
}

TEST_F(BackendPoolsTest, ShowsPoolsByName) {
  Take(Config("B"));
  Take(Config("A"));
  std::vector<std::string> names;
  pools_.ForEach([&names](const BackendPool& pool) { names.push_back(pool.name()); });
  EXPECT_THAT(names, ElementsAre("A", "B"));
}

}  // namespace
}  // namespace ringcache::router

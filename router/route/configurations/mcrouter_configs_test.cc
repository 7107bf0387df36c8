// Configurations of the kinds that people have for mcrouter, from the corpus of the fuzz test.

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/epoll_event_loop.h"
#include "router/backend/backend_pools.h"
#include "router/config/router_config.h"
#include "router/route/route_types.h"
#include "router/route/tree_builder.h"

namespace ringcache::router {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The loop never runs: nobody is talked to.
class McrouterConfigsTest : public ::testing::Test {
 protected:
  void Build(const std::string& name) {
    const auto file =
        ConfigFile::Read(absl::StrCat("router/route/configurations/fuzz_corpus/", name, ".json"));
    ASSERT_TRUE(file.ok()) << file.status();
    const auto config = RouterConfig::Read(*file);
    ASSERT_TRUE(config.ok()) << config.status();
    config_ = *config;
    options_.types = types_;
    auto tree = BuildRouteTree(*config_, {}, options_, &pools_);
    ASSERT_TRUE(tree.ok()) << tree.status();
    tree_ = *std::move(tree);
  }
  std::string RouteOf(absl::string_view key) {
    absl::string_view rest;
    const Route* const route = tree_->For(key, &rest);
    return route == nullptr ? "none" : route->name();
  }
  // "A=address B=address": whose members are to be followed.
  std::string Followed() {
    return absl::StrJoin(tree_->pools(), " ", [](std::string* out, const auto& pool) {
      absl::StrAppend(out, pool.first, "=", pool.second.address.ToString());
    });
  }
  std::multiset<std::string> Placements() {
    std::multiset<std::string> placements;
    pools_.ForEach([&placements](const BackendPool& pool) {
      const hashring::RingOptions& ring = pool.options().cluster.ring;
      placements.insert(absl::StrCat(pool.name(), " ", hashring::RowOf(ring.placement).name,
                                     ring.salt.empty() ? "" : " +", ring.salt));
    });
    return placements;
  }

  const absl::Span<const RouteType> types_ = RouteTypes();
  const std::unique_ptr<net::EventLoop> loop_ = net::EpollEventLoop::Create().value();
  client::ConnectionResources resources_{loop_.get()};
  BackendPools pools_{&resources_, {}};
  RouteTreeOptions options_;
  std::shared_ptr<const RouterConfig> config_;
  std::unique_ptr<RouteTree> tree_;
};

TEST_F(McrouterConfigsTest, AStatefulSetWithCommentsAndTrailingCommas) {
  Build("statefulset");
  const std::string domain = ".mycache-memcached.default.svc.cluster.local:11211";
  EXPECT_EQ(Followed(), absl::StrCat("A=mycache-memcached-0", domain, ",mycache-memcached-1",
                                     domain, ",mycache-memcached-2", domain));
  EXPECT_EQ(RouteOf("key"), "pool|A");
  EXPECT_THAT(Placements(), ElementsAre("A ch3"));
}

TEST_F(McrouterConfigsTest, SocketsAndAddressesOfAHost) {
  Build("daemonset");
  EXPECT_EQ(Followed(), "local=unix:/var/run/memcached/memcached.sock,[::1]:11211,127.0.0.1:11212");
}

TEST_F(McrouterConfigsTest, ReplicatedPools) {
  Build("replicated");
  EXPECT_EQ(Followed(), "replicas=10.1.0.1:11211,10.1.0.2:11211,10.1.0.3:11211");
  // The routes to all and to one share connections.
  EXPECT_EQ(pools_.size(), 1u);
}

TEST_F(McrouterConfigsTest, RegionsAndClusters) {
  Build("regions");
  EXPECT_EQ(Followed(), "east=10.1.0.1:11211,10.1.0.2:11211 west=10.2.0.1:11211");
  EXPECT_EQ(RouteOf("key"), "pool|east");
  EXPECT_EQ(RouteOf("/us-east/spare/key"), "pool|east");
  EXPECT_NE(RouteOf("/us-west/main/key"), "pool|east");
  EXPECT_EQ(RouteOf("/us-west/spare/key"), "none");
  EXPECT_EQ(config_->notes().size(), 3u);
}

TEST_F(McrouterConfigsTest, PrefixesOfKeys) {
  Build("prefixes");
  EXPECT_THAT(Placements(), ElementsAre("pages ch3", "pages ch3 +drafts", "sessions ch3"));
}

TEST_F(McrouterConfigsTest, AGutter) {
  Build("gutter");
  EXPECT_EQ(tree_->pools().at("main").timeout, absl::Milliseconds(100));
  EXPECT_EQ(tree_->pools().at("main").max_down->members, 1u);
}

TEST_F(McrouterConfigsTest, AColdPool) {
  Build("warm_up");
  EXPECT_EQ(Followed(), "cold=c0:11211,c1:11211 warm=w0:11211,w1:11211");
  EXPECT_EQ(config_->notes().size(), 1u);
}

TEST_F(McrouterConfigsTest, TwoLevelsThatAreLogged) {
  Build("two_levels");
  EXPECT_EQ(RouteOf("key"), "logging");
  EXPECT_EQ(Followed(), "far=f0:11211,f1:11211 near=n0:11211");
  EXPECT_THAT(config_->notes(), IsEmpty());
}

TEST_F(McrouterConfigsTest, NamedHandlesInAnyOrderAndPoolsInPlace) {
  Build("named");
  EXPECT_EQ(Followed(), "A=a0:11211 B=b0:11211");
  EXPECT_THAT(config_->notes(), IsEmpty());
}

TEST_F(McrouterConfigsTest, WeightsOfPoolsAndOfRoutes) {
  Build("weighted");
  EXPECT_THAT(Placements(), ElementsAre("new weighted_ch3 +n", "old weighted_ch3"));
  pools_.ForEach([](const BackendPool& pool) {
    const std::vector<double>& weights = pool.options().cluster.ring.weights;
    const bool is_old = pool.name() == "old";
    EXPECT_EQ(weights, is_old ? std::vector<double>({1, 0.5}) : std::vector<double>({0.1, 1, 1}));
  });
  EXPECT_EQ(tree_->pools().at("old").hostnames[1].ToString(), "two:11311");
}

TEST_F(McrouterConfigsTest, PoolsThatDiscoveryFinds) {
  Build("discovered");
  EXPECT_EQ(Followed(),
            "cloud=config+cfg.example.com:11211 names=dnssrv+_memcached._tcp.cache.example.com "
            "pods=k8s+cache.default");
  EXPECT_THAT(Placements(), ElementsAre("cloud rendezvous", "names jump", "pods ketama"));
}

}  // namespace
}  // namespace ringcache::router

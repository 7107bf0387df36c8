#include "router/admin/router_health.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"
#include "process/drain_sequence.h"
#include "process/loop_watch.h"
#include "router/stats/worker_snapshot.h"

namespace ringcache::router {
namespace {

class RouterHealthTest : public testing::Test {
 protected:
  RouterHealthTest() {
    threads_.Add("main", &main_);
    threads_.Add("rc-router-0", &worker_);
  }

  static PoolSnapshot Pool(const std::string& name, const std::vector<bool>& usable) {
    PoolSnapshot pool;
    pool.name = name;
    for (const bool member_is_usable : usable) {
      pool.members.emplace_back().usable = member_is_usable;
    }
    return pool;
  }
  // Of a worker with routes.
  void Knows(std::vector<PoolSnapshot> pools) {
    WorkerSnapshot snapshot;
    snapshot.has_routes = true;
    snapshot.pools = std::move(pools);
    snapshots_ = {std::make_shared<const WorkerSnapshot>(std::move(snapshot))};
  }
  admin::Health Check() { return health_.Check(drain_, accepting_, snapshots_); }

  net::SimulatedLoop main_;
  net::SimulatedLoop worker_;
  process::LoopWatch threads_;
  // Any time is too long.
  RouterHealth health_{&threads_, absl::ZeroDuration()};
  process::DrainSequence::State drain_;
  bool accepting_ = true;
  std::vector<std::shared_ptr<const WorkerSnapshot>> snapshots_ = {
      std::make_shared<const WorkerSnapshot>()};
};

TEST_F(RouterHealthTest, ItStartsWithRoutesAndMembers) {
  accepting_ = false;
  EXPECT_EQ(Check().startup.reason, "no configuration is in use yet");
  EXPECT_EQ(Check().readiness.reason, "connections are not accepted yet");
  accepting_ = true;
  Knows({Pool("a", {})});
  EXPECT_EQ(Check().startup.reason, "no pool has members yet");
  EXPECT_EQ(Check().readiness.reason, "no pool has members yet");
  Knows({Pool("a", {true})});
  EXPECT_TRUE(Check().startup.serving);
  EXPECT_TRUE(Check().readiness.serving);
}

TEST_F(RouterHealthTest, HavingStartedStaysSo) {
  Knows({Pool("a", {true})});
  EXPECT_TRUE(Check().startup.serving);
  Knows({Pool("a", {})});
  EXPECT_TRUE(Check().startup.serving);
  EXPECT_FALSE(Check().readiness.serving);
}

TEST_F(RouterHealthTest, OneUsableMemberOfOnePoolIsEnough) {
  Knows({Pool("a", {false, false}), Pool("b", {false, true})});
  EXPECT_TRUE(Check().readiness.serving);
  Knows({Pool("a", {false, false}), Pool("b", {false, false})});
  EXPECT_EQ(Check().readiness.reason, "all members of all pools are down or vanished");
}

TEST_F(RouterHealthTest, RoutesWithoutPoolsNeedNoMembers) {
  Knows({});
  EXPECT_TRUE(Check().readiness.serving);
  EXPECT_TRUE(Check().startup.serving);
}

TEST_F(RouterHealthTest, WhoDrainsIsNotReady) {
  Knows({Pool("a", {true})});
  drain_ = {true, "announcing", absl::Seconds(5)};
  EXPECT_EQ(Check().readiness.reason, "it drains: announcing");
  EXPECT_TRUE(Check().startup.serving);
  drain_ = {true, "", absl::ZeroDuration()};
  EXPECT_EQ(Check().readiness.reason, "it has drained");
}

TEST_F(RouterHealthTest, AThreadThatDoesNotTurnIsNamed) {
  Knows({Pool("a", {true})});
  EXPECT_TRUE(Check().liveness.serving) << "they are only being asked";
  main_.RunFor(absl::ZeroDuration());
  const admin::Health health = Check();
  EXPECT_FALSE(health.liveness.serving);
  EXPECT_EQ(health.liveness.reason.find("thread rc-router-0 has been busy for "), 0u)
      << health.liveness.reason;
  EXPECT_TRUE(health.readiness.serving) << "that is another question";
  main_.RunFor(absl::ZeroDuration());
  worker_.RunFor(absl::ZeroDuration());
  EXPECT_TRUE(Check().liveness.serving);
}

}  // namespace
}  // namespace ringcache::router

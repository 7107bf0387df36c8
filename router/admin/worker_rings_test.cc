#include "router/admin/worker_rings.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "admin/ring/pool_ring.h"
#include "discovery/watcher.h"
#include "gtest/gtest.h"
#include "router/router_fixture.h"
#include "router/stats/snapshot_publisher.h"

namespace ringcache::router {
namespace {

using admin::MemberState;

class WorkerRingsTest : public RouterFixture {
 protected:
  std::vector<admin::PoolRing> Rings() {
    Pass(SnapshotPublisher::kPeriod);
    return RingsOf({worker_->snapshot()});
  }
  // In the order of the ring's members.
  static MemberState StateOf(const admin::PoolRing& ring, const std::string& host) {
    for (std::size_t i = 0; i < ring.members.size(); ++i) {
      if (ring.ring->members()[i].host == host) return ring.members[i].state;
    }
    return MemberState::kUnknown;
  }
};

TEST_F(WorkerRingsTest, APoolHasTheRingThatRequestsTake) {
  Start();
  const std::vector<admin::PoolRing> rings = Rings();
  ASSERT_EQ(rings.size(), 1u);
  EXPECT_EQ(rings[0].pool, "A");
  ASSERT_EQ(rings[0].members.size(), 3u);
  ASSERT_EQ(rings[0].ring->members().size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string host = absl::StrCat("10.0.0.", i + 1);
    const std::string key = KeyOf(i);
    EXPECT_EQ(rings[0].ring->members()[rings[0].ring->MemberOf(key)].host, host);
    EXPECT_EQ(StateOf(rings[0], host), MemberState::kUp);
  }
}

TEST_F(WorkerRingsTest, MembersAreShownAsTheWorkerSeesThem) {
  Start();
  Client& client = Connect();
  member(0).Die();
  Ask(client, absl::StrCat("get ", KeyOf(0), "\r\n"));
  auto snapshot = std::make_shared<discovery::Snapshot>();
  snapshot->version = 7;
  for (std::size_t i = 0; i < 3; ++i) {
    discovery::Member& member = snapshot->members.emplace_back();
    member.name = absl::StrCat("10.0.0.", i + 1);
    member.port = 11211;
    member.address = AddressOf(i);
    member.vanished = i == 2;
  }
  ASSERT_TRUE(worker_->UpdatePool("A", snapshot).ok());
  const std::vector<admin::PoolRing> rings = Rings();
  ASSERT_EQ(rings.size(), 1u);
  EXPECT_EQ(rings[0].version, 7u);
  EXPECT_EQ(StateOf(rings[0], "10.0.0.1"), MemberState::kDown);
  EXPECT_EQ(StateOf(rings[0], "10.0.0.2"), MemberState::kUp);
  EXPECT_EQ(StateOf(rings[0], "10.0.0.3"), MemberState::kVanished);
}

TEST_F(WorkerRingsTest, AMemberThatOneWorkerFindsDownIsDown) {
  Start(1);
  const std::shared_ptr<const WorkerSnapshot> first = worker_->snapshot();
  WorkerSnapshot other = *first;
  other.pools[0].members[0].stats.up = false;
  const std::vector<admin::PoolRing> rings =
      RingsOf({first, std::make_shared<const WorkerSnapshot>(other)});
  ASSERT_EQ(rings.size(), 1u);
  EXPECT_EQ(rings[0].members[0].state, MemberState::kDown);
  EXPECT_EQ(rings[0].members[0].address, AddressOf(0).ToString());
}

TEST_F(WorkerRingsTest, APoolThatIsPlacedInTwoWaysHasTwoRings) {
  StartWith(absl::StrCat(R"({"pools": {"A": )", PoolJson(2), R"(}, "route": {
              "type": "OperationSelectorRoute", "default_policy": "PoolRoute|A",
              "operation_policies": {
                "get": {"type": "PoolRoute", "pool": "A", "hash": "Crc32"}}}})"),
            2);
  const std::vector<admin::PoolRing> rings = Rings();
  ASSERT_EQ(rings.size(), 2u);
  EXPECT_EQ(rings[0].pool, "A");
  EXPECT_EQ(rings[1].pool, "A#2");
}

TEST(NoRingsTest, WithoutMembersThereIsNoRing) {
  WorkerSnapshot snapshot;
  snapshot.pools.emplace_back().name = "B";
  EXPECT_TRUE(RingsOf({std::make_shared<const WorkerSnapshot>(snapshot)}).empty());
  EXPECT_TRUE(RingsOf({}).empty());
}

}  // namespace
}  // namespace ringcache::router

#include "router/stats/snapshot_publisher.h"

#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"
#include "router/stats/pool_summary.h"
#include "router/stats/worker_snapshot.h"

namespace ringcache::router {
namespace {

MemberSnapshot Member(const char* name, std::uint64_t calls, bool up, const char* problem) {
  MemberSnapshot member;
  member.name = name;
  member.stats.calls = calls;
  member.stats.pending_calls = 1;
  member.stats.up = up;
  member.stats.last_problem = problem;
  return member;
}

TEST(SnapshotPublisherTest, WhatIsSeenIsAtMostAPeriodOld) {
  net::SimulatedLoop loop;
  WorkerSnapshot now;
  SnapshotPublisher publisher(&loop, [&now] { return now; });
  EXPECT_EQ(publisher.latest()->clients, 0u);
  now.clients = 1;
  loop.RunFor(absl::Milliseconds(1));
  const std::shared_ptr<const WorkerSnapshot> kept = publisher.latest();
  EXPECT_EQ(kept->clients, 1u);
  now.clients = 2;
  loop.RunFor(SnapshotPublisher::kPeriod);
  EXPECT_EQ(publisher.latest()->clients, 2u);
  EXPECT_EQ(kept->clients, 1u) << "what was taken does not change";
  now.clients = 3;
  publisher.Publish();
  EXPECT_EQ(publisher.latest()->clients, 3u);
}

TEST(PoolSummaryTest, MembersOfAllWorkersAreOne) {
  WorkerSnapshot first;
  first.pools = {{"A", 4, {Member("a", 1, true, ""), Member("b", 2, true, "")}}};
  WorkerSnapshot second;
  second.pools = {{"A", 5, {Member("b", 10, false, "refused"), Member("c", 20, true, "")}},
                  {"B", 1, {Member("a", 100, true, "")}}};
  const std::vector<PoolSnapshot> summary =
      SummaryOf({std::make_shared<const WorkerSnapshot>(first),
                 std::make_shared<const WorkerSnapshot>(second)});
  ASSERT_EQ(summary.size(), 2u);
  EXPECT_EQ(summary[0].version, 5u);
  ASSERT_EQ(summary[0].members.size(), 3u);
  const MemberSnapshot& b = summary[0].members[1];
  EXPECT_EQ(b.name, "b");
  EXPECT_EQ(b.stats.calls, 12u);
  EXPECT_EQ(b.stats.pending_calls, 2u);
  EXPECT_FALSE(b.stats.up);
  EXPECT_EQ(b.stats.last_problem, "refused");
  EXPECT_TRUE(summary[0].members[0].stats.up);
  EXPECT_EQ(summary[1].members[0].stats.calls, 100u) << "pools are apart";
}

}  // namespace
}  // namespace ringcache::router

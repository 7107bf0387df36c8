#include "router/admin/router_report.h"

#include <memory>
#include <utility>

#include "absl/time/time.h"
#include "admin/backend/stats.h"
#include "gtest/gtest.h"
#include "protocol/operation.h"
#include "router/router_counters.h"
#include "router/stats/worker_snapshot.h"

namespace ringcache::router {
namespace {

using admin::GeneralFigure;
using admin::MemberFigure;
using admin::RouterFigure;
using admin::WorkerFigure;
using protocol::Operation;

std::shared_ptr<const WorkerSnapshot> WorkerWithCalls(std::uint64_t calls, bool up) {
  WorkerSnapshot worker;
  worker.exchanges = 2;
  PoolSnapshot& pool = worker.pools.emplace_back();
  pool.name = "cache";
  MemberSnapshot& member = pool.members.emplace_back();
  member.name = "a:11211";
  member.stats.calls = calls;
  member.stats.up = up;
  return std::make_shared<const WorkerSnapshot>(std::move(worker));
}

TEST(RouterReportTest, OperationsAreSummedByTheirClass) {
  ReportSources sources;
  sources.figures.operations[Operation::kGet] = 10;
  sources.figures.operations[Operation::kMetaGet] = 5;
  sources.figures.operations[Operation::kGat] = 1;
  sources.figures.operations[Operation::kSet] = 3;
  sources.figures.operations[Operation::kMetaSet] = 4;
  sources.figures.counters[RouterCounter::kHits] = 9;
  const admin::Stats stats = ReportOf(sources, absl::UnixEpoch());
  EXPECT_EQ(stats.general[GeneralFigure::kGets], 16u);
  EXPECT_EQ(stats.general[GeneralFigure::kSets], 7u);
  EXPECT_EQ(stats.general[GeneralFigure::kGetHits], 9u);
  EXPECT_FALSE(stats.general[GeneralFigure::kDeleteHits].has_value()) << "nobody counts them";
}

TEST(RouterReportTest, AMemberIsToldOnceForAllWorkers) {
  ReportSources sources;
  sources.figures.worker_counts = {{100, 200, 7, 0, 0}, {1, 2, 3, 0, 0}};
  sources.figures.workers = {WorkerWithCalls(7, true), WorkerWithCalls(3, false)};
  const admin::Stats stats = ReportOf(sources, absl::UnixEpoch());
  ASSERT_EQ(stats.workers.size(), 2u);
  EXPECT_EQ(stats.workers[0].figures[WorkerFigure::kBytesReceived], 100u);
  EXPECT_EQ(stats.workers[1].figures[WorkerFigure::kRequests], 3u);
  EXPECT_EQ(stats.workers[1].figures[WorkerFigure::kRequestsRunning], 2u);
  EXPECT_EQ(stats.router[RouterFigure::kRequests], 10u);
  ASSERT_EQ(stats.members.size(), 1u);
  EXPECT_EQ(stats.members[0].pool, "cache");
  EXPECT_EQ(stats.members[0].figures[MemberFigure::kCalls], 10u);
  EXPECT_EQ(stats.members[0].figures[MemberFigure::kUp], 0u) << "one worker has marked it down";
}

TEST(RouterReportTest, WhatIsNotKnownIsLeftOut) {
  ReportSources sources;
  EXPECT_FALSE(
      ReportOf(sources, absl::UnixEpoch()).general[GeneralFigure::kMaxConnections].has_value());
  EXPECT_FALSE(ReportOf(sources, absl::UnixEpoch()).router[RouterFigure::kConfigAge].has_value());
  EXPECT_FALSE(ReportOf(sources, absl::UnixEpoch()).router[RouterFigure::kKeptDeletes].has_value());
  sources.config.last_success = absl::UnixEpoch();
  sources.deletes.emplace().waiting = {{"a:11211", 4, false}, {"b:11211", 2, true}};
  const admin::Stats stats = ReportOf(sources, absl::UnixEpoch() + absl::Seconds(5));
  EXPECT_EQ(stats.router[RouterFigure::kConfigAge], 5u);
  EXPECT_EQ(stats.router[RouterFigure::kKeptDeletes], 6u);
}

}  // namespace
}  // namespace ringcache::router

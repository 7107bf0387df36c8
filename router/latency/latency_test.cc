#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "admin/backend/latency_report.h"
#include "admin/backend/stats.h"
#include "gtest/gtest.h"
#include "protocol/command_class.h"
#include "protocol/operation.h"
#include "router/latency/all_latencies.h"
#include "router/latency/command_latencies.h"
#include "router/router_counters.h"
#include "router/router_fixture.h"
#include "router/stats/snapshot_publisher.h"

namespace ringcache::router {
namespace {

using admin::LatencySeries;
using protocol::CommandClass;
using protocol::kCommandClassCount;
using protocol::Operation;

class LatencyTest : public RouterFixture {
 protected:
  const metrics::LatencyHistogram& Of(CommandClass command_class) const {
    return worker_->latencies().of(command_class);
  }
  // As often as operations are counted, which count each key of a retrieval: `more_keys` than
  // lines.
  void ExpectCountsToAgree(std::uint64_t more_keys = 0) const {
    std::uint64_t counted[kCommandClassCount] = {};
    counted[static_cast<std::size_t>(CommandClass::kGet)] -= more_keys;
    for (int i = 0; i < protocol::kOperationCount; ++i) {
      const auto operation = static_cast<Operation>(i);
      counted[static_cast<std::size_t>(protocol::CommandClassOf(operation))] +=
          worker_->operations()[operation].value();
    }
    for (std::size_t i = 0; i < kCommandClassCount; ++i) {
      EXPECT_EQ(Of(static_cast<CommandClass>(i)).Count(), counted[i])
          << protocol::kCommandClassNames[i];
    }
  }
  std::vector<LatencySeries> All() {
    Pass(SnapshotPublisher::kPeriod);
    return AllLatencies({&worker_->latencies()}, {worker_->snapshot()});
  }
  // The series of a member; empty if it has none.
  metrics::LatencyHistogram OfMember(std::size_t index) {
    for (const LatencySeries& series : All()) {
      if (series.kind == LatencySeries::Kind::kMember && series.pool == "A" &&
          series.name == AddressOf(index).ToString()) {
        return series.histogram;
      }
    }
    return {};
  }
};

TEST_F(LatencyTest, ARequestTakesUntilItsReplyHasCome) {
  Start();
  Client& client = Connect();
  member(0).set_latency(3 * kMs);
  client.peer.Say(absl::StrCat("get ", KeyOf(0), "\r\n"));
  Pass(10 * kMs);
  EXPECT_EQ(Of(CommandClass::kGet).Count(), 1u);
  EXPECT_EQ(Of(CommandClass::kGet).MaxNs(), 3'000'000u);
  EXPECT_EQ(OfMember(0).Count(), 1u);
  EXPECT_EQ(OfMember(0).MaxNs(), 3'000'000u);
  EXPECT_EQ(OfMember(1).Count(), 0u) << "it was not asked";
}

TEST_F(LatencyTest, ARetrievalOfManyKeysIsOneRequest) {
  Start();
  Client& client = Connect();
  member(0).set_latency(1 * kMs);
  member(1).set_latency(4 * kMs);
  client.peer.Say(absl::StrCat("get ", KeyOf(0), " ", KeyOf(1), " ", KeyOf(0, 1), "\r\n"));
  Pass(10 * kMs);
  EXPECT_EQ(Of(CommandClass::kGet).Count(), 1u);
  EXPECT_EQ(Of(CommandClass::kGet).SumNs(), 4'000'000u);
  EXPECT_EQ(OfMember(0).Count(), 1u) << "one call";
  EXPECT_EQ(OfMember(0).MaxNs(), 1'000'000u);
  EXPECT_EQ(OfMember(1).MaxNs(), 4'000'000u);
  ExpectCountsToAgree(2);
}

TEST_F(LatencyTest, WhatRunsOutOfTimeIsTheClientsLatencyButNotTheMembers) {
  Start();
  Client& client = Connect();
  member(0).set_latency(2 * kTimeout);
  client.peer.Say(absl::StrCat("get ", KeyOf(0), "\r\n"));
  Pass(4 * kTimeout);
  EXPECT_EQ(absl::Nanoseconds(Of(CommandClass::kGet).MaxNs()), kTimeout);
  EXPECT_EQ(OfMember(0).Count(), 0u) << "its late reply tells nothing that a request took";
  ExpectCountsToAgree();
}

TEST_F(LatencyTest, ProbesAreNoCalls) {
  Start();
  Client& client = Connect();
  member(0).Die();
  Ask(client, absl::StrCat("get ", KeyOf(0), "\r\n"));
  Pass(kTimeout);
  member(0).ComeBack();
  Pass(absl::Seconds(5));
  EXPECT_EQ(OfMember(0).Count(), 0u);
  member(0).set_latency(2 * kMs);
  client.peer.Say(absl::StrCat("get ", KeyOf(0), "\r\n"));
  Pass(10 * kMs);
  EXPECT_EQ(OfMember(0).Count(), 1u);
}

TEST_F(LatencyTest, EveryRequestIsCountedOnce) {
  options_.enable_flush = true;
  options_.max_held_value_bytes = 5000;
  Start();
  Client& client = Connect();
  const std::string key = KeyOf(0);
  const std::string large(6000, 'x');
  for (const std::string& request : {Set(key, "1"),
                                     Set(key, large),
                                     absl::StrCat("get ", key, "\r\n"),
                                     absl::StrCat("gets ", key, " ", KeyOf(1), "\r\n"),
                                     absl::StrCat("gat 0 ", key, "\r\n"),
                                     absl::StrCat("set ", key, " 0 0 1 noreply\r\n7\r\n"),
                                     absl::StrCat("mg ", key, " v q\r\n"),
                                     absl::StrCat("ms ", key, " 1\r\n1\r\n"),
                                     absl::StrCat("incr ", key, " 1\r\n"),
                                     absl::StrCat("ma ", key, "\r\n"),
                                     absl::StrCat("touch ", key, " 0\r\n"),
                                     absl::StrCat("delete ", key, " noreply\r\n"),
                                     absl::StrCat("md ", key, "\r\n"),
                                     std::string("mn\r\n"),
                                     std::string("version\r\n"),
                                     std::string("flush_all noreply\r\n"),
                                     std::string("stats items\r\n"),
                                     std::string("get /no/route/k\r\n"),
                                     std::string("get __mcrouter__.version\r\n"),
                                     std::string("nonsense\r\n")}) {
    Ask(client, request);
    Pass(kMs);
  }
  ExpectCountsToAgree(1);
  EXPECT_EQ(Of(CommandClass::kGet).Count(), 6u);
  EXPECT_EQ(Of(CommandClass::kSet).Count(), 4u);
  EXPECT_EQ(Of(CommandClass::kDelete).Count(), 2u);
  EXPECT_EQ(Of(CommandClass::kTouch).Count(), 1u);
  EXPECT_EQ(Of(CommandClass::kArithmetic).Count(), 2u);
  EXPECT_EQ(Of(CommandClass::kOther).Count(), 4u);
}

TEST_F(LatencyTest, WhoHungUpIsCountedToo) {
  Start();
  Client& client = Connect();
  member(0).set_latency(3 * kMs);
  client.peer.Say(absl::StrCat("get ", KeyOf(0), "\r\n"));
  Pass(kMs);
  client.peer.HangUp();
  Pass(10 * kMs);
  EXPECT_EQ(Of(CommandClass::kGet).MaxNs(), 3'000'000u);
}

TEST_F(LatencyTest, AMemberThatLeavesTakesItsLatenciesAlong) {
  Start();
  Client& client = Connect();
  Ask(client, absl::StrCat("get ", KeyOf(0), "\r\n"));
  EXPECT_EQ(OfMember(0).Count(), 1u);
  Publish("A", {1, 2});
  EXPECT_EQ(OfMember(0).Count(), 0u);
}

TEST_F(LatencyTest, TheReportHasALineForEachFigure) {
  Start();
  Client& client = Connect();
  member(0).set_latency(3 * kMs);
  client.peer.Say(absl::StrCat("delete ", KeyOf(0), "\r\n"));
  Pass(10 * kMs);
  const std::string report = admin::LatencyReport(All());
  EXPECT_NE(report.find("STAT get:count 0\r\nSTAT get:mean 0.0\r\n"), std::string::npos) << report;
  EXPECT_NE(report.find("STAT delete:count 1\r\nSTAT delete:mean 3000.0\r\nSTAT delete:p50 30"),
            std::string::npos)
      << report;
  EXPECT_NE(report.find("STAT A/10.0.0.1:11211:count 1\r\n"), std::string::npos) << report;
  EXPECT_NE(report.find("STAT A/10.0.0.1:11211:max 3000.0\r\nEND\r\n"), std::string::npos)
      << report;
}

}  // namespace
}  // namespace ringcache::router

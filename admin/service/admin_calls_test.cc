#include "admin/service/admin_calls.h"

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "admin/backend/fake_backend.h"
#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

class AdminCallsTest : public testing::Test {
 protected:
  // How a call fails; "" if it does not, and its reply is in `reply`.
  template <typename Reply, typename Request>
  std::string Fail(const Request& request, Reply* reply, absl::StatusCode code) {
    const absl::Status status = calls_.Answer(request, reply);
    EXPECT_EQ(status.code(), code) << status;
    return std::string(status.message());
  }
  template <typename Reply, typename Request>
  std::string Invalid(const Request& request) {
    Reply reply;
    std::string why = Fail(request, &reply, absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(reply.ByteSizeLong(), 0u) << reply.DebugString();
    return why;
  }
  template <typename Reply, typename Request>
  Reply Ask(const Request& request) {
    Reply reply;
    const absl::Status status = calls_.Answer(request, &reply);
    EXPECT_TRUE(status.ok()) << status;
    return reply;
  }
  void HaveRings(std::vector<std::shared_ptr<const RingView>> rings) {
    backend_.Change([&rings](FakeBackend::State& state) { state.rings = rings; });
  }
  std::vector<std::string> wishes() { return backend_.state().wishes; }

  FakeBackend backend_;
  AdminCalls calls_{&backend_};
};

TEST_F(AdminCallsTest, TheProgramSaysWhatItIs) {
  const auto program = Ask<v1::Program>(v1::GetProgramRequest());
  EXPECT_EQ(program.kind(), v1::Program::SERVER);
  EXPECT_EQ(program.host(), "cache-0");
  EXPECT_EQ(program.pid(), 4711);
}

TEST_F(AdminCallsTest, HealthSaysWhy) {
  backend_.Change([](auto& state) { state.health.readiness = {false, "it drains"}; });
  const auto health = Ask<v1::Health>(v1::GetHealthRequest());
  EXPECT_TRUE(health.liveness().serving());
  EXPECT_FALSE(health.readiness().serving());
  EXPECT_EQ(health.readiness().reason(), "it drains");
  EXPECT_TRUE(health.startup().serving());
}

TEST_F(AdminCallsTest, StatsComeWhole) {
  const auto stats = Ask<v1::Stats>(v1::GetStatsRequest());
  EXPECT_EQ(stats.general().uptime(), 1000u);
  EXPECT_EQ(stats.router().requests(), 2000u);
  ASSERT_EQ(stats.slabs_size(), 2);
  EXPECT_EQ(stats.slabs(1).size_class(), 2u);
  EXPECT_EQ(stats.slabs(1).number(), 3000u);
  ASSERT_EQ(stats.workers_size(), 2);
  EXPECT_EQ(stats.workers(1).index(), 1u);
  ASSERT_EQ(stats.members_size(), 2);
  EXPECT_EQ(stats.members(1).name(), "b:11211");
}

TEST_F(AdminCallsTest, WhatABackendFailsWithIsPassedOn) {
  backend_.Change([](auto& state) {
    state.stats = absl::DeadlineExceededError("worker 2 did not answer");
    state.rings = absl::FailedPreconditionError("no ring is observed; give --discovery");
    state.wish = absl::UnavailableError("not now");
  });
  v1::Stats stats;
  EXPECT_EQ(Fail(v1::GetStatsRequest(), &stats, absl::StatusCode::kDeadlineExceeded),
            "worker 2 did not answer");
  v1::Rings rings;
  EXPECT_EQ(Fail(v1::GetRingRequest(), &rings, absl::StatusCode::kFailedPrecondition),
            "no ring is observed; give --discovery");
  v1::DrainProgress progress;
  EXPECT_EQ(Fail(v1::DrainRequest(), &progress, absl::StatusCode::kUnavailable), "not now");
}

TEST_F(AdminCallsTest, LatenciesHaveTheUsualPercentilesUnlessOthersAreAskedFor) {
  auto latencies = Ask<v1::Latencies>(v1::GetLatenciesRequest());
  ASSERT_EQ(latencies.series_size(), 2);
  EXPECT_EQ(latencies.series(0).kind(), v1::LatencySeries::COMMAND);
  EXPECT_EQ(latencies.series(1).kind(), v1::LatencySeries::MEMBER);
  EXPECT_EQ(latencies.series(0).count(), 100u);
  EXPECT_EQ(latencies.series(0).percentiles_size(), 5);
  v1::GetLatenciesRequest request;
  request.add_percentiles(50);
  latencies = Ask<v1::Latencies>(request);
  ASSERT_EQ(latencies.series(0).percentiles_size(), 1);
  EXPECT_NEAR(latencies.series(0).percentiles(0).seconds(), 0.050, 0.001);
}

TEST_F(AdminCallsTest, PercentilesAreBounded) {
  for (const double percent :
       {-0.1, 100.1, std::nan(""), std::numeric_limits<double>::infinity()}) {
    v1::GetLatenciesRequest request;
    request.add_percentiles(percent);
    EXPECT_NE(Invalid<v1::Latencies>(request).find("; give 0 to 100"), std::string::npos);
  }
  v1::GetLatenciesRequest request;
  for (int i = 0; i <= 100; ++i) request.add_percentiles(i);
  EXPECT_EQ(Invalid<v1::Latencies>(request), "percentiles has 101 values; give at most 100");
}

TEST_F(AdminCallsTest, HotKeysAreAsManyAsAskedFor) {
  v1::GetHotKeysRequest request;
  EXPECT_EQ(Ask<v1::HotKeys>(request).keys_size(), 2);
  request.set_count(1);
  const auto keys = Ask<v1::HotKeys>(request);
  ASSERT_EQ(keys.keys_size(), 1);
  EXPECT_EQ(keys.keys(0).key(), "hot");
  request.set_count(1001);
  EXPECT_EQ(Invalid<v1::HotKeys>(request), "count is 1001; give at most 1000");
}

TEST_F(AdminCallsTest, KeysAreLocatedInTheOnlyPoolOrInTheOneThatIsNamed) {
  v1::LocateKeysRequest request;
  request.add_keys("a");
  request.set_members(2);
  auto locations = Ask<v1::Locations>(request);
  EXPECT_EQ(locations.pool(), "main");
  ASSERT_EQ(locations.locations(0).members_size(), 2);
  EXPECT_EQ(locations.locations(0).members(0), "b:11211");
  HaveRings({FakeRing("main", 1), FakeRing("other", 2)});
  EXPECT_EQ(Invalid<v1::Locations>(request), "there are several pools; name one: main, other");
  request.set_pool("other");
  EXPECT_EQ(Ask<v1::Locations>(request).pool(), "other");
  request.set_pool("gone");
  v1::Locations none;
  EXPECT_EQ(Fail(request, &none, absl::StatusCode::kNotFound),
            "there is no pool 'gone'; there is: main, other");
}

TEST_F(AdminCallsTest, KeysAreBounded) {
  v1::LocateKeysRequest request;
  request.add_keys(std::string(251, 'k'));
  EXPECT_EQ(Invalid<v1::Locations>(request), "a key has 251 bytes; give 1 to 250");
  request.set_keys(0, "");
  EXPECT_EQ(Invalid<v1::Locations>(request), "a key has 0 bytes; give 1 to 250");
  request.set_keys(0, std::string(250, 'k'));
  request.set_members(101);
  EXPECT_EQ(Invalid<v1::Locations>(request), "members is 101; give at most 100");
  request.set_members(100);
  EXPECT_EQ(Ask<v1::Locations>(request).locations(0).members_size(), 3);
  for (int i = 0; i < 1000; ++i) request.add_keys("k");
  EXPECT_EQ(Invalid<v1::Locations>(request), "keys has 1001 keys; give at most 1000");
}

TEST_F(AdminCallsTest, APlanSaysWhatMoves) {
  v1::PlanChangeRequest request;
  request.set_count(4);
  request.add_remove("a:11211");
  const auto plan = Ask<v1::Plan>(request);
  EXPECT_EQ(plan.moved(), 0.25);
  EXPECT_EQ(plan.before().members_size(), 3);
  EXPECT_EQ(plan.after().members_size(), 3);
  EXPECT_EQ(plan.moves_size(), 1);
}

TEST_F(AdminCallsTest, PlansAreBounded) {
  v1::PlanChangeRequest request;
  EXPECT_EQ(Invalid<v1::Plan>(request), "no change is asked for; give count, add or remove");
  request.set_count(10'001);
  EXPECT_EQ(Invalid<v1::Plan>(request), "count is 10001; give at most 10000");
  request.set_count(0);
  request.add_add("");
  EXPECT_EQ(Invalid<v1::Plan>(request), "add has an empty name; give host:port");
  request.clear_add();
  request.add_remove("z:1");
  EXPECT_EQ(Invalid<v1::Plan>(request), "no member is called 'z:1'");
  for (int i = 0; i < 10'000; ++i) request.add_remove("z:1");
  EXPECT_EQ(Invalid<v1::Plan>(request), "remove has 10001 members; give at most 10000");
}

TEST_F(AdminCallsTest, ADrainBeginsAndIsTakenBack) {
  EXPECT_FALSE(Ask<v1::DrainProgress>(v1::GetDrainRequest()).draining());
  v1::DrainRequest request;
  request.mutable_wait()->set_seconds(5);
  request.mutable_wait()->set_nanos(500'000'000);
  const auto progress = Ask<v1::DrainProgress>(request);
  EXPECT_TRUE(progress.draining());
  EXPECT_EQ(progress.phase(), "announcing");
  EXPECT_EQ(progress.left().seconds(), 5);
  EXPECT_EQ(progress.left().nanos(), 500'000'000);
  EXPECT_TRUE(Ask<v1::DrainProgress>(v1::GetDrainRequest()).draining());
  EXPECT_FALSE(Ask<v1::DrainProgress>(v1::UndrainRequest()).draining());
  EXPECT_EQ(wishes(), (std::vector<std::string>{"drain 5.5s", "undrain"}));
}

TEST_F(AdminCallsTest, ADrainWithoutAWaitIsAsConfigured) {
  EXPECT_EQ(Ask<v1::DrainProgress>(v1::DrainRequest()).left().seconds(), 0);
  EXPECT_EQ(wishes(), std::vector<std::string>{"drain -1s"});
}

TEST_F(AdminCallsTest, DurationsAreBoundedAndWellFormed) {
  v1::DrainRequest request;
  request.mutable_wait()->set_seconds(-1);
  EXPECT_EQ(Invalid<v1::DrainProgress>(request), "wait is -1s; give 0 to 24h");
  request.mutable_wait()->set_seconds(86'401);
  EXPECT_EQ(Invalid<v1::DrainProgress>(request), "wait is 24h1s; give 0 to 24h");
  request.mutable_wait()->set_seconds(1);
  for (const int nanos : {-1, 1'000'000'000, std::numeric_limits<int>::min()}) {
    request.mutable_wait()->set_nanos(nanos);
    EXPECT_NE(Invalid<v1::DrainProgress>(request).find("wait is no duration"), std::string::npos);
  }
  v1::FlushRequest flush;
  flush.mutable_delay()->set_seconds(std::numeric_limits<std::int64_t>::max());
  EXPECT_NE(Invalid<v1::FlushReply>(flush).find("delay is no duration"), std::string::npos);
  flush.mutable_delay()->set_seconds(30 * 86'400 + 1);
  EXPECT_EQ(Invalid<v1::FlushReply>(flush), "delay is 720h1s; give 0 to 720h");
  EXPECT_TRUE(wishes().empty());
}

TEST_F(AdminCallsTest, WishesAreFulfilled) {
  v1::SetVerbosityRequest verbosity;
  verbosity.set_level(3);
  Ask<v1::SetVerbosityReply>(verbosity);
  EXPECT_EQ(Ask<v1::ReloadReply>(v1::ReloadRequest()).text(), "the configuration");
  Ask<v1::ResetStatsReply>(v1::ResetStatsRequest());
  Ask<v1::FlushReply>(v1::FlushRequest());
  EXPECT_EQ(wishes(), (std::vector<std::string>{"verbosity 3", "reload", "reset", "flush 0"}));
  verbosity.set_level(4);
  EXPECT_EQ(Invalid<v1::SetVerbosityReply>(verbosity), "level is 4; give 0 to 3");
}

TEST_F(AdminCallsTest, TextFromOutsideIsMadeUtf8) {
  backend_.Change([](auto& state) { state.settings = std::vector<Setting>{{"a\xFF", "\xFE"}}; });
  const auto settings = Ask<v1::Settings>(v1::GetSettingsRequest());
  EXPECT_EQ(settings.settings(0).name(), "a?");
  EXPECT_EQ(settings.settings(0).value(), "?");
}

}  // namespace
}  // namespace ringcache::admin

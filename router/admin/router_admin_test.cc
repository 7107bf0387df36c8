#include "router/admin/router_admin.h"

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "admin/backend/backend.h"
#include "gtest/gtest.h"
#include "process/log_sink.h"
#include "router/router.h"
#include "router/router_options.h"

namespace ringcache::router {
namespace {

using admin::GeneralFigure;

// A router that runs, on a thread of its own, with one member whom nobody asks.
class RouterAdminTest : public testing::Test {
 protected:
  RouterAdminTest() {
    options_.ports = {0};
    options_.listen_hosts = {"127.0.0.1"};
    options_.num_proxies = 2;
    options_.keep_deletes = false;
    options_.servers = "127.0.0.1:1";
  }
  ~RouterAdminTest() override {
    if (!thread_.joinable()) return;
    router_->Interrupt();
    router_->Interrupt();
    thread_.join();
  }

  void Start() {
    auto router = Router::Create(options_, &log_);
    ASSERT_TRUE(router.ok()) << router.status();
    router_ = *std::move(router);
    thread_ = std::thread([this] { router_->Run(); });
    ASSERT_TRUE(Becomes([this] { return backend().CheckHealth().readiness.serving; }));
  }
  admin::Backend& backend() { return *router_->admin(); }
  // Asks again and again, for a while.
  static bool Becomes(const std::function<bool()>& condition) {
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    while (!condition()) {
      if (absl::Now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  process::NoLog log_;
  RouterOptions options_;
  std::unique_ptr<Router> router_;
  std::thread thread_;
};

TEST_F(RouterAdminTest, ItIsWellOnceItHasMembers) {
  Start();
  const admin::Health health = backend().CheckHealth();
  EXPECT_TRUE(health.liveness.serving) << health.liveness.reason;
  EXPECT_TRUE(health.startup.serving) << health.startup.reason;
  EXPECT_EQ(backend().Program().kind, admin::ProgramKind::kRouter);
}

TEST_F(RouterAdminTest, WhileItAnnouncesItsEndItServesOnAndMayBeKept) {
  Start();
  ASSERT_TRUE(backend().Drain(absl::Hours(1)).ok());
  EXPECT_EQ(backend().Draining().phase, "announcing");
  EXPECT_EQ(backend().CheckHealth().readiness.reason, "it drains: announcing");
  EXPECT_EQ(backend().ReadStats()->general[GeneralFigure::kAccepting], 1u);
  EXPECT_TRUE(backend().Drain(absl::ZeroDuration()).ok()) << "it drains already";
  EXPECT_EQ(backend().Draining().phase, "announcing");
  ASSERT_TRUE(backend().Undrain().ok());
  EXPECT_FALSE(backend().Draining().draining);
  EXPECT_TRUE(backend().CheckHealth().readiness.serving);
  EXPECT_TRUE(backend().Undrain().ok()) << "there is nothing to take back";
}

TEST_F(RouterAdminTest, WithoutAWaitItClosesAtOnce) {
  Start();
  (void)backend().Drain(absl::ZeroDuration());
  thread_.join();
  EXPECT_TRUE(backend().Draining().draining);
  EXPECT_EQ(backend().CheckHealth().readiness.reason, "it has drained");
}

TEST_F(RouterAdminTest, WhoeverInterruptsTwiceDoesNotWait) {
  options_.drain_wait = absl::Hours(1);
  Start();
  router_->Interrupt();
  ASSERT_TRUE(Becomes([this] { return backend().Draining().phase == "announcing"; }));
  router_->Interrupt();
  thread_.join();
}

TEST_F(RouterAdminTest, ItTellsFiguresOfEveryWorkerAndMember) {
  Start();
  const absl::StatusOr<admin::Stats> stats = backend().ReadStats();
  ASSERT_TRUE(stats.ok()) << stats.status();
  EXPECT_EQ(stats->workers.size(), 2u);
  EXPECT_TRUE(stats->workers[1].figures[admin::WorkerFigure::kSilentTime].has_value());
  ASSERT_EQ(stats->members.size(), 1u);
  EXPECT_EQ(stats->members[0].name, "127.0.0.1:1");
  EXPECT_EQ(stats->members[0].figures[admin::MemberFigure::kUp], 1u);
  EXPECT_EQ(stats->general[GeneralFigure::kGets], 0u);
  EXPECT_GT(stats->general[GeneralFigure::kResidentBytes], 0u);
  EXPECT_FALSE(stats->general[GeneralFigure::kItems].has_value()) << "it has none to count";
  EXPECT_EQ(stats->router[admin::RouterFigure::kRequests], 0u);
  EXPECT_EQ(backend().Latencies()->size(), 6u) << "classes of commands; no member has answered";
  EXPECT_TRUE(backend().HotKeys(10)->empty());
}

TEST_F(RouterAdminTest, ItShowsItsRings) {
  Start();
  const auto rings = backend().Rings();
  ASSERT_TRUE(rings.ok()) << rings.status();
  ASSERT_EQ(rings->size(), 1u);
  const admin::RingInfo& info = (*rings)[0]->info();
  ASSERT_EQ(info.members.size(), 1u);
  EXPECT_EQ(info.members[0].name, "127.0.0.1:1");
  EXPECT_EQ(info.members[0].state, admin::MemberState::kUp);
  EXPECT_EQ(info.members[0].share, 1.0);
}

TEST_F(RouterAdminTest, SettingsAreTheFlags) {
  Start();
  bool found = false;
  const absl::StatusOr<std::vector<admin::Setting>> settings = backend().Settings();
  ASSERT_TRUE(settings.ok());
  for (const admin::Setting& setting : *settings) {
    if (setting.name == "num-proxies") found = setting.value == "2";
  }
  EXPECT_TRUE(found);
}

TEST_F(RouterAdminTest, ItReadsItsConfigurationAgain) {
  Start();
  EXPECT_TRUE(backend().Reload().ok());
}

TEST_F(RouterAdminTest, WhatItCannotDoItSays) {
  Start();
  EXPECT_TRUE(absl::IsFailedPrecondition(backend().Flush(absl::ZeroDuration())));
  EXPECT_TRUE(absl::IsFailedPrecondition(backend().ResetStats()));
  EXPECT_TRUE(absl::IsInvalidArgument(backend().SetVerbosity(4)));
  EXPECT_TRUE(absl::IsInvalidArgument(backend().Drain(absl::Hours(25))));
  EXPECT_TRUE(backend().SetVerbosity(1).ok());
}

}  // namespace
}  // namespace ringcache::router

#include "admin/sidecar/sidecar_backend.h"

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "admin/sidecar/stock_memcached.h"
#include "client/blocking_client.h"
#include "client/cache_servers/cache_servers.h"
#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(30);

class SidecarBackendTest : public testing::Test {
 protected:
  void SetUp() override {
    memcached_ = StockMemcached::Follow(address()).value();
    backend_ = std::make_unique<SidecarBackend>(
        SidecarBackend::Options{.drain_wait = absl::Hours(1)}, memcached_.get(), nullptr);
  }
  std::string address() const { return servers_.address(0).ToString(); }
  // Until it holds; false if it never does.
  bool Eventually(const std::function<bool()>& holds) {
    for (const absl::Time start = absl::Now(); absl::Now() - start < kLimit;) {
      if (holds()) return true;
      std::this_thread::yield();
    }
    return false;
  }

  client::CacheServers servers_{1};
  std::unique_ptr<StockMemcached> memcached_;
  std::unique_ptr<SidecarBackend> backend_;
};

TEST_F(SidecarBackendTest, IsReadyWhenTheMemcachedAnswers) {
  ASSERT_TRUE(Eventually([&] { return backend_->CheckHealth().startup.serving; }));
  EXPECT_TRUE(backend_->CheckHealth().liveness.serving);
  EXPECT_TRUE(backend_->CheckHealth().readiness.serving);
  EXPECT_EQ(backend_->Program().kind, ProgramKind::kSidecar);
  EXPECT_EQ(backend_->Program().serves.substr(0, 10), "memcached ");
}

TEST_F(SidecarBackendTest, TellsWhatTheMemcachedCounts) {
  const auto client = client::BlockingClient::Connect(address()).value();
  ASSERT_TRUE(client->Set("a", "1").ok());
  ASSERT_TRUE(client->Get("a").ok());
  const auto stats = backend_->ReadStats();
  ASSERT_TRUE(stats.ok()) << stats.status();
  EXPECT_EQ(stats->general[GeneralFigure::kGetHits], 1u);
  EXPECT_EQ(stats->general[GeneralFigure::kItems], 1u);
  ASSERT_EQ(stats->slabs.size(), 1u);
  EXPECT_EQ(stats->slabs[0].figures[SlabFigure::kItems], 1u);
  EXPECT_GT(backend_->Settings()->size(), 5u);
}

TEST_F(SidecarBackendTest, WishesReachTheMemcached) {
  const auto client = client::BlockingClient::Connect(address()).value();
  ASSERT_TRUE(client->Set("a", "1").ok());
  EXPECT_TRUE(backend_->SetVerbosity(1).ok());
  EXPECT_TRUE(backend_->Flush(absl::ZeroDuration()).ok());
  EXPECT_EQ(client->Get("a").outcome, client::Outcome::kMiss);
  EXPECT_TRUE(backend_->ResetStats().ok());
  EXPECT_EQ(backend_->ReadStats()->general[GeneralFigure::kGetMisses], 0u);
}

TEST_F(SidecarBackendTest, ADrainTurnsReadinessOffUntilItIsTakenBack) {
  ASSERT_TRUE(Eventually([&] { return backend_->CheckHealth().readiness.serving; }));
  EXPECT_FALSE(backend_->Draining().draining);
  ASSERT_TRUE(backend_->Drain(-absl::InfiniteDuration()).ok());
  EXPECT_FALSE(backend_->CheckHealth().readiness.serving);
  EXPECT_EQ(backend_->CheckHealth().readiness.reason, "draining");
  EXPECT_TRUE(backend_->CheckHealth().liveness.serving);
  EXPECT_EQ(backend_->Draining().phase, "announcing");
  EXPECT_GT(backend_->Draining().left, absl::Minutes(50));
  ASSERT_TRUE(backend_->Undrain().ok());
  EXPECT_TRUE(backend_->CheckHealth().readiness.serving);
  ASSERT_TRUE(backend_->Drain(absl::ZeroDuration()).ok());
  EXPECT_EQ(backend_->Draining().phase, "closing");
}

TEST_F(SidecarBackendTest, WhatAMemcachedDoesNotHaveIsSaid) {
  EXPECT_EQ(backend_->Latencies().status().message(),
            "a stock memcached has no latency histograms; a Ringcache server does");
  EXPECT_EQ(backend_->HotKeys(10).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(backend_->Reload().status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(backend_->Rings().status().message(),
            "no ring is observed; start with --discovery=ADDRESS and --placement=NAME");
}

TEST_F(SidecarBackendTest, AMemcachedThatGoesIsNeitherReadyNorForgotten) {
  ASSERT_TRUE(Eventually([&] { return backend_->CheckHealth().readiness.serving; }));
  servers_.Stop(0);
  ASSERT_TRUE(Eventually([&] { return !backend_->CheckHealth().readiness.serving; }));
  EXPECT_NE(backend_->CheckHealth().readiness.reason, "");
  EXPECT_TRUE(backend_->CheckHealth().startup.serving);
  EXPECT_EQ(backend_->ReadStats().status().code(), absl::StatusCode::kUnavailable);
  SidecarBackend impatient({.stuck_after = absl::ZeroDuration()}, memcached_.get(), nullptr);
  EXPECT_TRUE(Eventually([&] { return !impatient.CheckHealth().liveness.serving; }));
  servers_.Restart(0);
  EXPECT_TRUE(Eventually([&] { return backend_->CheckHealth().readiness.serving; }));
}

}  // namespace
}  // namespace ringcache::admin

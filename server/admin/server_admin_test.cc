// The backend of a server that runs in this process, beside what its clients see.

#include "server/admin/server_admin.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "admin/backend/backend.h"
#include "gtest/gtest.h"
#include "process/log_sink.h"
#include "server/server.h"
#include "server/server_options.h"
#include "server/test_process.h"

namespace ringcache::server {
namespace {

using admin::GeneralFigure;
using admin::WorkerFigure;

class ServerAdminTest : public testing::Test {
 protected:
  ~ServerAdminTest() override {
    if (!thread_.joinable()) return;
    server_->RequestShutdown();
    server_->Interrupt();
    End();
  }

  void Create(ServerOptions options = ServerOptions()) {
    options.port = 0;
    options.listen = {{"127.0.0.1", ListenAddress::kDefaultPort}};
    options.threads = 2;
    auto server = Server::Create(options, &log_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    admin_ = server_->admin();
  }
  void Start(ServerOptions options = ServerOptions()) {
    Create(std::move(options));
    const int port = server_->addresses()[0].port();
    thread_ = std::thread([this] { server_->Run(); });
    client_ = std::make_unique<TestClient>(port);
    EXPECT_EQ(Ask("mn\r\n", "MN\r\n"), "MN\r\n");
  }
  // A server that was told to end waits for its clients to go.
  void End() {
    client_.reset();
    thread_.join();
  }
  std::string Ask(absl::string_view request, absl::string_view end) {
    client_->Send(request);
    return client_->ReadUntil(end);
  }
  std::string Setting(absl::string_view name) {
    const auto settings = admin_->Settings();
    for (const admin::Setting& setting : *settings) {
      if (setting.name == name) return setting.value;
    }
    return "missing";
  }
  // Of one figure, all workers together.
  std::uint64_t SumOf(WorkerFigure figure) {
    const auto stats = admin_->ReadStats();
    std::uint64_t sum = 0;
    for (const admin::WorkerStats& worker : stats->workers) sum += *worker.figures[figure];
    return sum;
  }
  // Requests are timed right after their replies were sent.
  void WaitForRequests(std::uint64_t count) {
    WaitUntil([&] { return SumOf(WorkerFigure::kRequests) == count; });
  }
  // Until it holds; a test that would wait for ever is ended from outside.
  template <typename Condition>
  void WaitUntil(Condition condition) {
    while (!condition()) std::this_thread::yield();
  }

  process::NoLog log_;
  std::unique_ptr<Server> server_;
  admin::Backend* admin_ = nullptr;
  std::unique_ptr<TestClient> client_;
  std::thread thread_;
};

// Keeps a loop from turning while it lives.
class BusyLoop {
 public:
  explicit BusyLoop(net::EventLoop* loop) {
    loop->Post([this] {
      std::unique_lock lock(mutex_);
      begun_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return released_; });
      released_ = false;
      changed_.notify_all();
    });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return begun_; });
  }
  ~BusyLoop() {
    std::unique_lock lock(mutex_);
    released_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !released_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool begun_ = false;
  bool released_ = false;
};

TEST_F(ServerAdminTest, BeforeItRunsItIsAliveButNotReady) {
  Create();
  const admin::Health health = admin_->CheckHealth();
  EXPECT_TRUE(health.liveness.serving);
  EXPECT_FALSE(health.startup.serving);
  EXPECT_FALSE(health.readiness.serving);
  EXPECT_EQ(health.readiness.reason, "the server starts");
}

TEST_F(ServerAdminTest, WhileItServesAllIsWell) {
  Start();
  for (int i = 0; i < 3; ++i) {
    const admin::Health health = admin_->CheckHealth();
    EXPECT_TRUE(health.liveness.serving) << health.liveness.reason;
    EXPECT_TRUE(health.readiness.serving) << health.readiness.reason;
    EXPECT_TRUE(health.startup.serving) << health.startup.reason;
  }
}

TEST_F(ServerAdminTest, AThreadThatIsStuckIsNamedUntilItGoesOn) {
  ServerOptions options;
  options.admin.stuck_after = absl::Milliseconds(20);
  Start(options);
  {
    const BusyLoop busy(server_->loop());
    WaitUntil([this] { return !admin_->CheckHealth().liveness.serving; });
    const std::string reason = admin_->CheckHealth().liveness.reason;
    EXPECT_TRUE(absl::StartsWith(reason, "thread main has been busy for ")) << reason;
  }
  WaitUntil([this] { return admin_->CheckHealth().liveness.serving; });
}

TEST_F(ServerAdminTest, AWishThatNobodyFulfilsFailsInTime) {
  Start();
  const BusyLoop busy(server_->loop());
  EXPECT_EQ(admin_->SetVerbosity(1).code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_TRUE(admin_->ReadStats().ok()) << "questions do not need that loop";
}

TEST_F(ServerAdminTest, StatisticsAreThoseOfTheDataPort) {
  Start();
  Ask("set a 0 0 1\r\n1\r\n", "STORED\r\n");
  Ask("get a b\r\n", "END\r\n");
  const auto stats = admin_->ReadStats();
  ASSERT_TRUE(stats.ok()) << stats.status();
  EXPECT_EQ(stats->general[GeneralFigure::kSets], 1u);
  EXPECT_EQ(stats->general[GeneralFigure::kGets], 2u);
  EXPECT_EQ(stats->general[GeneralFigure::kGetMisses], 1u);
  EXPECT_EQ(stats->general[GeneralFigure::kItems], 1u);
  EXPECT_EQ(stats->general[GeneralFigure::kConnections], 1u);
  EXPECT_EQ(stats->general[GeneralFigure::kThreads], 2u);
  EXPECT_EQ(stats->general[GeneralFigure::kAccepting], 1u);
  EXPECT_EQ(stats->general[GeneralFigure::kMallocedBytes], std::uint64_t{1} << 20) << "one page";
  EXPECT_GT(stats->general[GeneralFigure::kResidentBytes], std::uint64_t{1} << 20);
  ASSERT_EQ(stats->slabs.size(), 1u);
  EXPECT_EQ(stats->slabs[0].figures[admin::SlabFigure::kItems], 1u);
  EXPECT_EQ(stats->slabs[0].figures[admin::SlabFigure::kSets], 1u);
  ASSERT_EQ(stats->workers.size(), 2u);
  EXPECT_FALSE(stats->workers[0].figures[WorkerFigure::kRequestsRunning].has_value());
  WaitForRequests(3);  // with the mn of the start
}

TEST_F(ServerAdminTest, LatenciesAreByClassAndCanBeReset) {
  Start();
  Ask("set a 0 0 1\r\n1\r\n", "STORED\r\n");
  Ask("get a b\r\n", "END\r\n");
  WaitForRequests(3);
  const auto latencies = admin_->Latencies();
  ASSERT_TRUE(latencies.ok());
  ASSERT_EQ(latencies->size(), 6u);
  EXPECT_EQ((*latencies)[0].name, "get");
  EXPECT_EQ((*latencies)[0].histogram.Count(), 1u);
  EXPECT_GT((*latencies)[0].histogram.MaxNs(), 0u);
  EXPECT_EQ((*latencies)[1].histogram.Count(), 1u);
  EXPECT_EQ((*latencies)[5].histogram.Count(), 1u) << "the mn of the start";
  EXPECT_TRUE(admin_->ResetStats().ok());
  EXPECT_EQ((*admin_->Latencies())[0].histogram.Count(), 0u);
  EXPECT_EQ(admin_->ReadStats()->general[GeneralFigure::kGets], 0u);
}

TEST_F(ServerAdminTest, AFlushInvalidatesWhatIsThereAndIsCounted) {
  Start();
  Ask("set a 0 0 1\r\n1\r\n", "STORED\r\n");
  EXPECT_TRUE(admin_->Flush(absl::Hours(1)).ok());
  EXPECT_EQ(Ask("get a\r\n", "END\r\n"), "VALUE a 0 1\r\n1\r\nEND\r\n") << "not yet";
  EXPECT_TRUE(admin_->Flush(absl::ZeroDuration()).ok());
  EXPECT_EQ(Ask("get a\r\n", "END\r\n"), "END\r\n");
  EXPECT_EQ(admin_->ReadStats()->general[GeneralFigure::kFlushes], 2u);
  EXPECT_EQ(admin_->Flush(-absl::Seconds(1)).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(admin_->Flush(absl::InfiniteDuration()).code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ServerAdminTest, AFlushIsRefusedWhereTheCommandIs) {
  ServerOptions options;
  options.allow_flush_all = false;
  Start(options);
  EXPECT_EQ(admin_->Flush(absl::ZeroDuration()).code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(ServerAdminTest, WhatIsReloadedIsSaid) {
  Start();
  EXPECT_TRUE(admin_->SetVerbosity(2).ok());
  EXPECT_EQ(Setting("verbosity"), "2");
  EXPECT_EQ(*admin_->Reload(), "refreshed: verbosity 0");
  EXPECT_EQ(Setting("verbosity"), "0");
  EXPECT_EQ(admin_->SetVerbosity(4).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Setting("admin_port"), "11210");
}

TEST_F(ServerAdminTest, HotKeysAreShownUnlessKeysAreNot) {
  Start();
  std::string requests;
  for (int i = 0; i < 2000; ++i) requests += "get hot\r\n";
  Ask(requests + "mn\r\n", "MN\r\n");
  const auto keys = admin_->HotKeys(10);
  ASSERT_TRUE(keys.ok()) << keys.status();
  ASSERT_EQ(keys->size(), 1u);
  EXPECT_EQ((*keys)[0].key, "hot");
  EXPECT_FALSE((*keys)[0].writes);
  EXPECT_GT((*keys)[0].rate, 0);
}

TEST_F(ServerAdminTest, WhereKeysAreNotShownHotOnesAreNotEither) {
  ServerOptions options;
  options.allow_dump = false;
  Start(options);
  EXPECT_EQ(admin_->HotKeys(10).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(ServerAdminTest, ItKnowsNoRingUnlessItIsToldOfOne) {
  class Source final : public admin::RingSource {
   public:
    absl::StatusOr<std::vector<std::shared_ptr<const admin::RingView>>> Rings() override {
      return absl::UnavailableError("not yet");
    }
  };
  Start();
  const absl::Status none = admin_->Rings().status();
  EXPECT_EQ(none.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(none.message(), "--discovery")) << none;
  EXPECT_TRUE(absl::StrContains(none.message(), "--placement")) << none;
  Source source;
  server_->SetRings(&source);
  EXPECT_EQ(admin_->Rings().status(), absl::UnavailableError("not yet"));
}

TEST_F(ServerAdminTest, ADrainIsAnnouncedAndCanBeTakenBack) {
  Start();
  EXPECT_FALSE(admin_->Draining().draining);
  EXPECT_TRUE(admin_->Drain(absl::Hours(1)).ok());
  EXPECT_TRUE(admin_->Drain(absl::Hours(2)).ok()) << "it drains already";
  const admin::DrainProgress progress = admin_->Draining();
  EXPECT_EQ(progress.phase, "announcing");
  EXPECT_GT(progress.left, absl::Minutes(50));
  EXPECT_LE(progress.left, absl::Hours(1));
  EXPECT_EQ(progress.connections, 1u);
  const admin::Health health = admin_->CheckHealth();
  EXPECT_FALSE(health.readiness.serving);
  EXPECT_EQ(health.readiness.reason, "the server drains: announcing");
  EXPECT_TRUE(health.liveness.serving);
  EXPECT_EQ(Ask("mn\r\n", "MN\r\n"), "MN\r\n");
  EXPECT_TRUE(admin_->Undrain().ok());
  EXPECT_TRUE(admin_->Undrain().ok()) << "there is nothing to take back";
  EXPECT_TRUE(admin_->CheckHealth().readiness.serving);
  EXPECT_EQ(admin_->Drain(absl::InfiniteDuration()).code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ServerAdminTest, WhoEndsTheProcessDoesNotWaitForALongDrain) {
  Start();
  EXPECT_TRUE(admin_->Drain(absl::Hours(1)).ok());
  server_->RequestShutdown();
  WaitUntil([this] { return admin_->Draining().phase != "announcing"; });
  End();
}

TEST_F(ServerAdminTest, ADrainWithoutAWaitEndsItAndNothingIsAnsweredAfterwards) {
  Start();
  EXPECT_TRUE(admin_->Drain(-absl::Seconds(1)).ok()) << "as configured";
  End();
  EXPECT_EQ(admin_->ReadStats().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(admin_->Undrain().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(admin_->Flush(absl::ZeroDuration()).code(), absl::StatusCode::kUnavailable);
  const admin::Health health = admin_->CheckHealth();
  EXPECT_TRUE(health.liveness.serving);
  EXPECT_FALSE(health.readiness.serving);
  EXPECT_EQ(health.readiness.reason, "the server ends");
}

TEST_F(ServerAdminTest, OnceConnectionsAreRefusedADrainCannotBeTakenBack) {
  Start();
  // A client that leaves its reply untaken keeps the server from ending.
  TestClient slow(server_->addresses()[0].port());
  const std::string value(1 << 20, 'v');
  slow.Send(absl::StrCat("set big 0 0 ", value.size() - 1000, "\r\n", value.substr(1000), "\r\n"));
  EXPECT_EQ(slow.ReadUntil("\r\n"), "STORED\r\n");
  for (int i = 0; i < 30; ++i) slow.Send("get big\r\n");
  WaitUntil([this] { return SumOf(WorkerFigure::kPauses) > 0; });
  EXPECT_TRUE(admin_->Drain(absl::ZeroDuration()).ok());
  EXPECT_EQ(admin_->Draining().phase, "closing");
  EXPECT_EQ(admin_->Undrain().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(admin_->CheckHealth().readiness.serving);
  EXPECT_EQ(admin_->ReadStats()->general[GeneralFigure::kAccepting], 0u);
}

TEST_F(ServerAdminTest, AdminsMayAskWhileItEnds) {
  Start();
  std::atomic<bool> over{false};
  std::vector<std::thread> askers;
  for (int i = 0; i < 3; ++i) {
    askers.emplace_back([&] {
      while (!over) {
        admin_->CheckHealth();
        admin_->ReadStats().IgnoreError();
        admin_->Latencies().IgnoreError();
        admin_->Draining();
        admin_->Flush(absl::ZeroDuration()).IgnoreError();
      }
    });
  }
  EXPECT_TRUE(admin_->Drain(absl::ZeroDuration()).ok());
  End();
  over = true;
  for (std::thread& asker : askers) asker.join();
}

}  // namespace
}  // namespace ringcache::server

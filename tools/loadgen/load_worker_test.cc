// The worker in simulated time: a loop whose clock jumps to the next timer, and a peer that answers
// after a while, or not at all while it is stalled.

#include "tools/loadgen/load_worker.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "net/timer_queue.h"
#include "tools/loadgen/clock.h"
#include "tools/loadgen/load_options.h"
#include "tools/loadgen/toy_cache.h"

namespace ringcache::loadgen {
namespace {

constexpr std::int64_t kMs = 1'000'000;

class SimulatedLoop final : public net::EventLoop, public Clock {
 public:
  // Every wake-up takes this long, so that polling for a time gets there.
  static constexpr std::int64_t kWakeUpNs = 5'000;

  bool Watch(int, bool, bool, net::DescriptorWatcher*) override { return true; }
  void Update(int, bool, bool, net::DescriptorWatcher*) override {}
  void Unwatch(int, net::DescriptorWatcher*) override {}
  void Post(Task task) override { RunAfter(absl::ZeroDuration(), std::move(task)); }
  TimerId RunAfter(absl::Duration delay, Task task) override {
    const std::int64_t delay_ns = std::max<std::int64_t>(absl::ToInt64Nanoseconds(delay), 0);
    return timers_.Add(now_ns_ + delay_ns, std::move(task));
  }
  void CancelTimer(TimerId timer) override { timers_.Cancel(timer); }
  absl::Duration MonotonicNow() const override { return absl::Nanoseconds(now_ns_); }
  absl::Time WallNow() const override { return absl::UnixEpoch(); }
  std::int64_t MonotonicSeconds() const override { return absl::ToInt64Seconds(MonotonicNow()); }
  std::int64_t PresentNs() const override { return absl::ToInt64Nanoseconds(MonotonicNow()); }
  void Stop() override { stopping_ = true; }

  void Run() override {
    while (!stopping_) {
      ASSERT_FALSE(timers_.empty()) << "the worker waits for nothing";
      now_ns_ = std::max(now_ns_ + kWakeUpNs, timers_.NextDeadline());
      const net::TimerQueue::TimerId mark = timers_.Mark();
      for (Task task; timers_.PopDue(now_ns_, mark, &task);) task();
    }
    stopping_ = false;
  }

  std::int64_t NowNs() const override { return now_ns_; }

 private:
  net::TimerQueue timers_;
  std::int64_t now_ns_ = 1'000'000'000;
  bool stopping_ = false;
};

// What the peer does, shared by its connections.
struct Peer {
  ToyCache cache;
  std::int64_t delay_ns = 100'000;
  // Replies due in between come at the end.
  std::int64_t stall_start_ns = 0;
  std::int64_t stall_end_ns = 0;
  std::vector<std::size_t> batches;  // requests in each Send
  bool blocks = false;               // Send takes a while
  std::string say_instead;           // if not empty, the answer to everything
};

class SimulatedConnection final : public net::Connection {
 public:
  SimulatedConnection(SimulatedLoop* loop, Peer* peer, net::Session* session)
      : loop_(loop), peer_(peer), session_(session) {}
  ~SimulatedConnection() override { *alive_ = false; }

  using Connection::Send;
  bool Send(absl::Span<const iovec> spans) override {
    for (const iovec& span : spans) {
      input_.append(static_cast<const char*>(span.iov_base), span.iov_len);
    }
    if (peer_->blocks) {
      EXPECT_FALSE(blocked_) << "sent before OnSent";
      blocked_ = true;
      After(20'000, [this] {
        blocked_ = false;
        Answer();
        session_->OnSent();
      });
      return false;
    }
    Answer();
    return true;
  }
  std::size_t pending_bytes() const override { return 0; }
  void ResumeReceiving() override {}
  void Drain() override {}
  void Close(net::CloseReason reason) override { session_->OnClosed(reason); }

 private:
  void After(std::int64_t delay_ns, std::function<void()> action) {
    loop_->RunAfter(absl::Nanoseconds(delay_ns), [alive = alive_, action = std::move(action)] {
      if (*alive) action();
    });
  }

  void Answer() {
    peer_->batches.push_back(std::count(input_.begin(), input_.end(), '\n'));
    std::string replies = peer_->cache.Answer(&input_);
    if (!peer_->say_instead.empty()) replies = peer_->say_instead;
    std::int64_t due_ns = loop_->NowNs() + peer_->delay_ns;
    if (due_ns >= peer_->stall_start_ns && due_ns < peer_->stall_end_ns) {
      due_ns = peer_->stall_end_ns;
    }
    After(due_ns - loop_->NowNs(), [this, replies] { Deliver(replies); });
  }

  void Deliver(absl::string_view replies) {
    while (!replies.empty()) {
      const absl::Span<char> buffer = session_->LendReceiveBuffer();
      const std::size_t bytes = std::min(buffer.size(), replies.size());
      std::memcpy(buffer.data(), replies.data(), bytes);
      replies.remove_prefix(bytes);
      if (session_->OnReceived(bytes) == net::Progress::kAbort) {
        session_->OnClosed(net::CloseReason::kLocal);
        return;
      }
    }
  }

  SimulatedLoop* const loop_;
  Peer* const peer_;
  net::Session* const session_;
  std::string input_;
  bool blocked_ = false;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

class LoadWorkerTest : public testing::Test {
 protected:
  LoadWorkerTest() {
    options_.keys = 100;
    options_.verify = Verify::kAll;
    worker_options_.stall_timeout_ns = 2'000 * kMs;
  }

  void Start() {
    workload_ = std::make_unique<Workload>(options_.MakeWorkload());
    worker_ = std::make_unique<LoadWorker>(workload_.get(), worker_options_, &loop_, &loop_);
    ASSERT_TRUE(worker_
                    ->Connect([this](net::Session* session) {
                      return absl::StatusOr<std::unique_ptr<net::Connection>>(
                          std::make_unique<SimulatedConnection>(&loop_, &peer_, session));
                    })
                    .ok());
  }
  void Prefill() {
    const absl::Status status = worker_->Prefill(0, options_.keys);
    ASSERT_TRUE(status.ok()) << status;
    peer_.batches.clear();
  }
  void RunFor(std::int64_t duration_ns, std::int64_t warmup_ns = 0, std::uint64_t requests = 0) {
    const std::int64_t start_ns = loop_.NowNs() + warmup_ns;
    worker_->Run({start_ns, start_ns + duration_ns, requests}, nullptr);
  }
  void StallAfter(std::int64_t from_ns, std::int64_t length_ns) {
    peer_.stall_start_ns = loop_.NowNs() + from_ns;
    peer_.stall_end_ns = peer_.stall_start_ns + length_ns;
  }

  std::uint64_t Count(LoadCounter counter) const {
    return worker_->results().counters[counter].value();
  }
  const metrics::LatencyHistogram& latency() const { return worker_->results().latency; }
  // The share of requests that took longer.
  double ShareAbove(std::int64_t ns) const {
    return 1 - static_cast<double>(latency().CountAtMost(static_cast<std::uint64_t>(ns))) /
                   static_cast<double>(latency().Count());
  }

  LoadOptions options_;
  LoadWorker::Options worker_options_;
  SimulatedLoop loop_;
  Peer peer_;
  std::unique_ptr<Workload> workload_;
  std::unique_ptr<LoadWorker> worker_;
};

TEST_F(LoadWorkerTest, PrefillStoresEveryKeyOnce) {
  worker_options_.connections = 3;
  Start();
  Prefill();
  EXPECT_EQ(peer_.cache.size(), 100u);
  EXPECT_EQ(worker_->Completed(), 100u);
}

TEST_F(LoadWorkerTest, PrefillFailsWhenTheServerRefuses) {
  peer_.say_instead = "SERVER_ERROR out of memory storing object\r\n";
  worker_options_.stall_timeout_ns = 200 * kMs;
  Start();
  EXPECT_FALSE(worker_->Prefill(0, 100).ok());
}

TEST_F(LoadWorkerTest, AClosedLoopCountsHitsAndMisses) {
  worker_options_.connections = 2;
  Start();
  Prefill();
  RunFor(100 * kMs);
  // A request takes the peer's delay and the wake-up that notices.
  const auto expected = 2 * 100 * kMs / (peer_.delay_ns + SimulatedLoop::kWakeUpNs);
  EXPECT_NEAR(Count(LoadCounter::kRequests), expected, expected * 0.1);
  EXPECT_EQ(Count(LoadCounter::kHits), Count(LoadCounter::kRequests));
  EXPECT_EQ(Count(LoadCounter::kMisses), 0u);
  EXPECT_TRUE(worker_->problem().empty());
  peer_.cache.Clear();
  RunFor(100 * kMs);
  EXPECT_GT(Count(LoadCounter::kMisses), 0u);
}

TEST_F(LoadWorkerTest, ABatchIsWrittenAtOnceAndAwaited) {
  worker_options_.depth = 16;
  Start();
  Prefill();
  RunFor(20 * kMs);
  for (const std::size_t batch : peer_.batches) EXPECT_EQ(batch, 16u);
}

TEST_F(LoadWorkerTest, WarmUpIsNotMeasured) {
  Start();
  Prefill();
  RunFor(50 * kMs, 50 * kMs);
  EXPECT_NEAR(latency().Count(), 50 * kMs / 105'000, 30);
  EXPECT_GT(worker_->Completed(), 100 + 1.8 * static_cast<double>(latency().Count()));
  EXPECT_NEAR(worker_->results().window_ns, 50 * kMs, kMs);
}

TEST_F(LoadWorkerTest, RequestsBoundTheRun) {
  worker_options_.connections = 7;
  worker_options_.depth = 4;
  Start();
  Prefill();
  RunFor(1'000'000 * kMs, 0, 1001);
  EXPECT_EQ(Count(LoadCounter::kRequests), 1001u);
  EXPECT_EQ(latency().Count(), 1001u);
}

TEST_F(LoadWorkerTest, AnOpenLoopKeepsItsRate) {
  for (const Arrivals arrivals : {Arrivals::kFixed, Arrivals::kPoisson}) {
    worker_options_.connections = 10;
    worker_options_.rate_per_s = 5'000;
    worker_options_.arrivals = arrivals;
    Start();
    Prefill();
    RunFor(1'000 * kMs);
    EXPECT_NEAR(latency().Count(), 5'000, arrivals == Arrivals::kFixed ? 1 : 350);
    // Polled for: sent within a few wake-ups of being due, not at a timer's millisecond.
    EXPECT_LT(latency().PercentileNs(99), 250'000u);
  }
}

// The peer stalls for 200 ms of a second, in which 200 requests are due. Counted from when they
// were due, their latencies spread evenly over 0 to 200 ms. A closed loop has one slow request.
TEST_F(LoadWorkerTest, AStallIsSeenByEveryRequestThatShouldHaveMetIt) {
  worker_options_.rate_per_s = 1'000;
  worker_options_.arrivals = Arrivals::kFixed;
  Start();
  Prefill();
  StallAfter(400 * kMs, 200 * kMs);
  RunFor(1'000 * kMs);
  EXPECT_NEAR(latency().Count(), 1'000, 1);
  EXPECT_NEAR(ShareAbove(1 * kMs), 0.22, 0.03);  // the last of them queue behind the first
  EXPECT_NEAR(ShareAbove(100 * kMs), 0.10, 0.02);
  EXPECT_NEAR(static_cast<double>(latency().MaxNs()), 200.0 * kMs, 2.0 * kMs);
}

TEST_F(LoadWorkerTest, AClosedLoopSeesAStallOnce) {
  Start();
  Prefill();
  StallAfter(400 * kMs, 200 * kMs);
  RunFor(1'000 * kMs);
  EXPECT_EQ(latency().Count() - latency().CountAtMost(kMs), 1u);
}

TEST_F(LoadWorkerTest, WhatIsStillUnsentAtTheEndCountsWithItsWait) {
  worker_options_.rate_per_s = 1'000;
  worker_options_.arrivals = Arrivals::kFixed;
  Start();
  Prefill();
  StallAfter(500 * kMs, 600 * kMs);
  RunFor(1'000 * kMs);
  EXPECT_NEAR(latency().Count(), 1'000, 1);
  EXPECT_NEAR(static_cast<double>(worker_->results().unsent.value()), 499, 2);
  EXPECT_NEAR(ShareAbove(1 * kMs), 0.5, 0.01);
}

TEST_F(LoadWorkerTest, ASilentServerEndsTheRun) {
  Start();
  Prefill();
  StallAfter(100 * kMs, 1'000'000 * kMs);
  const std::int64_t started_ns = loop_.NowNs();
  RunFor(100'000 * kMs);
  EXPECT_LT(loop_.NowNs() - started_ns, 2'500 * kMs);
  EXPECT_EQ(worker_->results().unanswered.value(), 1u);
  EXPECT_GT(latency().MaxNs(), 1'900u * kMs);
  EXPECT_EQ(worker_->problem(), "the server stopped answering");
}

TEST_F(LoadWorkerTest, AnInvalidReplyEndsItsConnectionAndTheRun) {
  worker_options_.connections = 3;
  Start();
  Prefill();
  peer_.say_instead = "VALUE other 0 3\r\nabc\r\nEND\r\n";
  RunFor(1'000 * kMs);
  EXPECT_EQ(worker_->results().invalid_replies.value(), 3u);
  EXPECT_EQ(worker_->results().lost_connections.value(), 3u);
  EXPECT_EQ(worker_->results().unanswered.value(), 3u);
  EXPECT_NE(worker_->problem().find("not asked for"), std::string::npos) << worker_->problem();
}

TEST_F(LoadWorkerTest, BackPressureDelaysAndLosesNothing) {
  peer_.blocks = true;
  worker_options_.depth = 8;
  options_.mix.weights = {1, 1, 0, 0};
  options_.value_sizes = *ValueSizes::Parse("20000");  // sent from where it lies
  Start();
  Prefill();
  EXPECT_EQ(peer_.cache.size(), 100u);
  RunFor(50 * kMs);
  EXPECT_GT(Count(LoadCounter::kHits), 50u);
  EXPECT_GT(Count(LoadCounter::kDone), 50u);
  EXPECT_EQ(Count(LoadCounter::kMisses) + Count(LoadCounter::kErrors), 0u);
  EXPECT_TRUE(worker_->problem().empty()) << worker_->problem();
}

TEST_F(LoadWorkerTest, MixesOfAllKindsInBothDialectsAreChecked) {
  for (const Dialect dialect : {Dialect::kClassic, Dialect::kMeta}) {
    options_.dialect = dialect;
    options_.meta_return_key = dialect == Dialect::kMeta;
    options_.mix.weights = {4, 1, 1, 1};
    options_.value_sizes = *ValueSizes::Parse("0-3000");
    worker_options_.depth = 5;
    worker_options_.refill = Refill::kSliding;
    Start();
    Prefill();
    RunFor(100 * kMs);
    EXPECT_GT(Count(LoadCounter::kHits), 100u);
    EXPECT_GT(Count(LoadCounter::kMisses), 10u);
    EXPECT_GT(Count(LoadCounter::kRefused), 10u);
    EXPECT_EQ(Count(LoadCounter::kErrors), 0u);
    EXPECT_TRUE(worker_->problem().empty()) << worker_->problem();
  }
}

}  // namespace
}  // namespace ringcache::loadgen

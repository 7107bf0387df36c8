// One thread's share of a run: its connections, and when which of them sends.
//
//   Connect -> Prefill (optional) -> Run:  warm-up | measured window | last replies
//
// Thread safety: belongs to the loop's thread; Completed() and results() may be read from others.

#ifndef RINGCACHE_TOOLS_LOADGEN_LOAD_WORKER_H_
#define RINGCACHE_TOOLS_LOADGEN_LOAD_WORKER_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "tools/loadgen/arrival_schedule.h"
#include "tools/loadgen/clock.h"
#include "tools/loadgen/load_options.h"
#include "tools/loadgen/load_session.h"
#include "tools/loadgen/run_counters.h"
#include "tools/loadgen/workload.h"

namespace ringcache::loadgen {

// Told, on the worker's thread, when its measured window begins and ends.
class WindowObserver {
 public:
  virtual ~WindowObserver() = default;
  virtual void OnWindowStarted() = 0;
  virtual void OnWindowEnded() = 0;
};

// Closed loop: a connection sends again when replies have come. Open loop: requests are due by a
// schedule that knows nothing of the server, and latency counts from when a request was due: also
// for those that wait here because every connection is `depth` deep (otherwise a stall of the
// server would be seen by one request instead of by all that should have met it: coordinated
// omission).
//
// Every phase ends by itself: the window by its length or the number of requests, waiting for last
// replies and stalls by `stall_timeout_ns`, all of it when the last connection is lost.
class LoadWorker final : private LoadSession::Owner {
 public:
  struct Options {
    int connections = 1;
    std::uint32_t depth = 1;
    Refill refill = Refill::kBatch;
    double rate_per_s = 0;  // 0: closed loop
    Arrivals arrivals = Arrivals::kPoisson;
    std::uint64_t seed = 1;
    std::int64_t stall_timeout_ns = 5'000'000'000;
  };
  struct Window {
    std::int64_t start_ns = 0;  // of the measured window, by the clock: what is before is warm-up
    std::int64_t end_ns = 0;
    std::uint64_t requests = 0;  // most to issue in it; 0: no bound
  };
  // Makes a connection that calls the session from the worker's loop.
  using Connector =
      std::function<absl::StatusOr<std::unique_ptr<net::Connection>>(net::Session* session)>;

  // All outlive the worker.
  LoadWorker(const Workload* workload, const Options& options, net::EventLoop* loop,
             const Clock* clock);
  ~LoadWorker() override;

  absl::Status Connect(const Connector& connector);

  // Stores the keys numbered [first, first + count) in the order of prefilling; runs the loop.
  // Fails unless every one is stored.
  absl::Status Prefill(std::uint32_t first, std::uint32_t count);

  // Runs the loop until all is over. `observer` may be null.
  void Run(const Window& window, WindowObserver* observer);

  const WorkerResults& results() const { return resources_.results; }
  // Requests completed so far in any phase. Callable from any thread.
  std::uint64_t Completed() const;
  // What first ended a connection, or a stall; empty if all went well. After Run.
  const std::string& problem() const { return problem_; }

 private:
  // Each is set at most once at a time.
  enum Timer { kWindowStartTimer, kWindowEndTimer, kFinishTimer, kStallTimer, kDueTimer, kTimers };
  enum class Phase : std::uint8_t { kIdle, kPrefill, kWarmup, kMeasured, kLastReplies };

  // LoadSession::Owner:
  std::int64_t OnBatchStarted() override;
  void OnBatchEnded(LoadSession* session, std::uint32_t completed) override;
  void OnLost(LoadSession* session) override;

  bool open_loop() const { return schedule_.has_value() && phase_ != Phase::kPrefill; }
  std::uint64_t TakeRequests(std::uint64_t wanted);
  void Issue(LoadSession* session, std::int64_t due_ns, std::uint32_t count);
  void Refill(LoadSession* session);
  void StartOpenLoop();
  void SendDue();
  void ArmSchedule();
  LoadSession* TakeFreeSession();
  void GiveBackSlots(LoadSession* session, std::uint32_t count);

  void ObserveTime();
  void StartWindow();
  void EndWindow();
  void CountUnsent();
  void FinishIfOver();
  void Finish();
  void CheckForStall();
  void RunAt(Timer timer, std::int64_t time_ns, void (LoadWorker::*action)());
  void CancelTimers();
  void ReportProblem(const std::string& problem);

  const Options options_;
  net::EventLoop* const loop_;
  const Clock* const clock_;
  SessionResources resources_;
  std::vector<std::unique_ptr<LoadSession>> sessions_;
  int open_sessions_ = 0;

  Phase phase_ = Phase::kIdle;
  std::int64_t now_ns_ = 0;  // of the batch in progress
  std::uint64_t outstanding_ = 0;
  std::uint64_t prefill_left_ = 0;
  std::uint64_t requests_left_ = 0;
  std::int64_t last_answer_ns_ = 0;  // or when the first request after a pause was issued
  Window window_;
  std::int64_t window_started_ns_ = 0;
  WindowObserver* observer_ = nullptr;
  bool stopped_ = true;
  // None is set while stopped_: what the loop does later finds nothing of this worker.
  std::array<net::EventLoop::TimerId, kTimers> timers_{};

  // Open loop. A ring of free places, each naming the session that has it: used in turn.
  std::optional<ArrivalSchedule> schedule_;
  std::vector<LoadSession*> free_slots_;
  std::size_t first_free_ = 0;
  std::size_t free_count_ = 0;

  std::string problem_;
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_LOAD_WORKER_H_

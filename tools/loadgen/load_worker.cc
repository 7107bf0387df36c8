#include "tools/loadgen/load_worker.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace ringcache::loadgen {
namespace {

// Deep enough that prefilling a million keys takes seconds.
constexpr std::uint32_t kPrefillDepth = 64;
// How often stalls are looked for.
constexpr absl::Duration kStallCheckInterval = absl::Milliseconds(100);
// A timer may be a millisecond late: what is due sooner than this is polled for instead.
constexpr std::int64_t kPollNs = 2'000'000;

}  // namespace

LoadWorker::LoadWorker(const Workload* workload, const Options& options, net::EventLoop* loop,
                       const Clock* clock)
    : options_(options),
      loop_(loop),
      clock_(clock),
      resources_(workload, RandomSource::SeedFor(options.seed, 0)) {}

LoadWorker::~LoadWorker() { CancelTimers(); }

absl::Status LoadWorker::Connect(const Connector& connector) {
  for (int i = 0; i < options_.connections; ++i) {
    sessions_.push_back(std::make_unique<LoadSession>(&resources_,
                                                      static_cast<LoadSession::Owner*>(this),
                                                      std::max(options_.depth, kPrefillDepth)));
    auto connection = connector(sessions_.back().get());
    if (!connection.ok()) return connection.status();
    sessions_.back()->SetConnection(*std::move(connection));
    ++open_sessions_;
  }
  return absl::OkStatus();
}

absl::Status LoadWorker::Prefill(std::uint32_t first, std::uint32_t count) {
  if (count == 0) return absl::OkStatus();
  phase_ = Phase::kPrefill;
  stopped_ = false;
  prefill_left_ = count;
  resources_.source.StartPrefill(first);
  const std::uint64_t stored_before = resources_.unmeasured[LoadCounter::kDone].value();
  ObserveTime();
  CheckForStall();
  for (const auto& session : sessions_) Refill(session.get());
  FinishIfOver();
  loop_->Run();
  resources_.source.EndPrefill();
  const std::uint64_t stored = resources_.unmeasured[LoadCounter::kDone].value() - stored_before;
  if (stored == count) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("prefilling stored ", stored, " of ", count, " keys",
                   problem_.empty() ? "; the server answered with errors" : ": ", problem_));
}

void LoadWorker::Run(const Window& window, WindowObserver* observer) {
  phase_ = Phase::kWarmup;
  stopped_ = false;
  window_ = window;
  observer_ = observer;
  requests_left_ =
      window.requests > 0 ? window.requests : std::numeric_limits<std::uint64_t>::max();
  ObserveTime();
  last_answer_ns_ = now_ns_;
  RunAt(kWindowStartTimer, window.start_ns, &LoadWorker::ObserveTime);
  RunAt(kWindowEndTimer, window.end_ns, &LoadWorker::ObserveTime);
  CheckForStall();
  if (options_.rate_per_s > 0) {
    StartOpenLoop();
  } else {
    for (const auto& session : sessions_) Refill(session.get());
  }
  FinishIfOver();
  loop_->Run();
}

std::uint64_t LoadWorker::Completed() const {
  return resources_.unmeasured[LoadCounter::kRequests].value() +
         resources_.results.counters[LoadCounter::kRequests].value();
}

std::int64_t LoadWorker::OnBatchStarted() {
  ObserveTime();
  return now_ns_;
}

void LoadWorker::OnBatchEnded(LoadSession* session, std::uint32_t completed) {
  if (stopped_) return;
  outstanding_ -= completed;
  last_answer_ns_ = now_ns_;
  if (open_loop()) {
    const bool was_short = free_count_ == 0;
    GiveBackSlots(session, completed);
    if (was_short) SendDue();
  } else if (session->open()) {
    Refill(session);
  }
  FinishIfOver();
}

void LoadWorker::OnLost(LoadSession* session) {
  if (stopped_) return;
  resources_.results.lost_connections.Add();
  ReportProblem(absl::StrCat("a connection was lost: ", session->problem()));
  outstanding_ -= session->outstanding();
  session->GiveUp(clock_->NowNs());
  --open_sessions_;
  FinishIfOver();
}

// How many of `wanted` requests the phase lets go out.
std::uint64_t LoadWorker::TakeRequests(std::uint64_t wanted) {
  switch (phase_) {
    case Phase::kIdle:
    case Phase::kLastReplies:
      return 0;
    case Phase::kWarmup:
      return wanted;
    case Phase::kPrefill:
      wanted = std::min(wanted, prefill_left_);
      prefill_left_ -= wanted;
      return wanted;
    case Phase::kMeasured:
      wanted = std::min(wanted, requests_left_);
      requests_left_ -= wanted;
      return wanted;
  }
  return 0;
}

void LoadWorker::Issue(LoadSession* session, std::int64_t due_ns, std::uint32_t count) {
  if (outstanding_ == 0) last_answer_ns_ = now_ns_;
  outstanding_ += count;
  session->Issue(due_ns, count);
}

void LoadWorker::Refill(LoadSession* session) {
  const bool prefill = phase_ == Phase::kPrefill;
  const std::uint32_t depth = prefill ? std::max(options_.depth, kPrefillDepth) : options_.depth;
  const std::uint32_t outstanding = session->outstanding();
  if (options_.refill == Refill::kBatch && outstanding > 0) return;
  if (!session->open() || outstanding >= depth) return;
  const std::uint64_t count = TakeRequests(depth - outstanding);
  if (count > 0) Issue(session, now_ns_, static_cast<std::uint32_t>(count));
}

void LoadWorker::StartOpenLoop() {
  schedule_.emplace(options_.arrivals, options_.rate_per_s, now_ns_,
                    RandomSource::SeedFor(options_.seed, 1));
  free_slots_.resize(sessions_.size() * options_.depth);
  first_free_ = free_count_ = 0;
  for (std::uint32_t i = 0; i < options_.depth; ++i) {
    for (const auto& session : sessions_) GiveBackSlots(session.get(), 1);
  }
  SendDue();
}

// Sends what is due as long as a connection is free; sees to being called again.
void LoadWorker::SendDue() {
  now_ns_ = clock_->NowNs();
  while (schedule_->next_ns() <= now_ns_ && phase_ != Phase::kLastReplies) {
    if (schedule_->next_ns() >= window_.end_ns) break;
    LoadSession* const session = TakeFreeSession();
    if (session == nullptr) return;  // OnBatchEnded goes on
    if (TakeRequests(1) == 0) return;
    Issue(session, schedule_->next_ns(), 1);
    schedule_->Advance();
  }
  if (phase_ != Phase::kLastReplies) ArmSchedule();
}

void LoadWorker::ArmSchedule() {
  loop_->CancelTimer(timers_[kDueTimer]);
  const std::int64_t gap_ns = schedule_->next_ns() - now_ns_;
  const std::int64_t sleep_ns = gap_ns > kPollNs ? gap_ns - kPollNs : 0;
  timers_[kDueTimer] = loop_->RunAfter(absl::Nanoseconds(sleep_ns), [this] {
    ObserveTime();
    if (!stopped_) SendDue();
  });
}

LoadSession* LoadWorker::TakeFreeSession() {
  while (free_count_ > 0) {
    LoadSession* const session = free_slots_[first_free_];
    first_free_ = (first_free_ + 1) % free_slots_.size();
    --free_count_;
    if (session->open()) return session;
  }
  return nullptr;
}

void LoadWorker::GiveBackSlots(LoadSession* session, std::uint32_t count) {
  for (; count > 0; --count, ++free_count_) {
    free_slots_[(first_free_ + free_count_) % free_slots_.size()] = session;
  }
}

// Reads the clock and enters the phases whose time has come.
void LoadWorker::ObserveTime() {
  now_ns_ = clock_->NowNs();
  if (phase_ == Phase::kWarmup && now_ns_ >= window_.start_ns) StartWindow();
  if (phase_ == Phase::kMeasured && now_ns_ >= window_.end_ns) {
    EndWindow();
    FinishIfOver();
  }
}

void LoadWorker::StartWindow() {
  phase_ = Phase::kMeasured;
  window_started_ns_ = now_ns_;
  resources_.counters = &resources_.results.counters;
  resources_.window_start_ns = window_.start_ns;
  resources_.window_end_ns = window_.end_ns;
  if (observer_ != nullptr) observer_->OnWindowStarted();
}

void LoadWorker::EndWindow() {
  phase_ = Phase::kLastReplies;
  resources_.counters = &resources_.unmeasured;
  resources_.results.window_ns = now_ns_ - window_started_ns_;
  if (observer_ != nullptr) observer_->OnWindowEnded();
  if (schedule_.has_value()) CountUnsent();
  // A server that answers one reply a timeout must not keep the run going.
  RunAt(kFinishTimer, now_ns_ + options_.stall_timeout_ns, &LoadWorker::Finish);
}

// What was due and found no free connection has been waiting since it was due, at least.
void LoadWorker::CountUnsent() {
  for (; requests_left_ > 0 && schedule_->next_ns() < std::min(now_ns_, window_.end_ns);
       schedule_->Advance(), --requests_left_) {
    resources_.results.unsent.Add();
    resources_.RecordLatency(schedule_->next_ns(), now_ns_);
  }
}

void LoadWorker::FinishIfOver() {
  if (stopped_) return;
  const bool all_issued = (phase_ == Phase::kPrefill && prefill_left_ == 0) ||
                          (phase_ == Phase::kMeasured && requests_left_ == 0) ||
                          phase_ == Phase::kLastReplies;
  if ((all_issued && outstanding_ == 0) || open_sessions_ == 0) Finish();
}

void LoadWorker::Finish() {
  if (stopped_) return;
  stopped_ = true;
  if (phase_ == Phase::kMeasured) {
    now_ns_ = clock_->NowNs();
    EndWindow();
  }
  for (const auto& session : sessions_) session->GiveUp(clock_->NowNs());
  outstanding_ = 0;
  phase_ = Phase::kIdle;
  CancelTimers();
  loop_->Stop();
}

void LoadWorker::CheckForStall() {
  if (outstanding_ > 0 && clock_->NowNs() - last_answer_ns_ > options_.stall_timeout_ns) {
    ReportProblem("the server stopped answering");
    Finish();
    return;
  }
  timers_[kStallTimer] = loop_->RunAfter(kStallCheckInterval, [this] { CheckForStall(); });
}

void LoadWorker::RunAt(Timer timer, std::int64_t time_ns, void (LoadWorker::*action)()) {
  const absl::Duration delay = absl::Nanoseconds(time_ns - clock_->NowNs());
  timers_[timer] = loop_->RunAfter(delay, [this, timer, time_ns, action] {
    // The loop counts from the beginning of its wake-up, so it may be early by the clock.
    if (clock_->NowNs() < time_ns) {
      RunAt(timer, time_ns, action);
    } else {
      (this->*action)();
    }
  });
}

void LoadWorker::CancelTimers() {
  for (const net::EventLoop::TimerId timer : timers_) loop_->CancelTimer(timer);
}

void LoadWorker::ReportProblem(const std::string& problem) {
  if (problem_.empty()) problem_ = problem;
}

}  // namespace ringcache::loadgen

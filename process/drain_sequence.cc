#include "process/drain_sequence.h"

#include <time.h>

#include <algorithm>
#include <utility>

namespace ringcache::process {
namespace {

// The loop's own clock is told to its thread only.
absl::Duration MonotonicNow() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return absl::DurationFromTimespec(now);
}

}  // namespace

DrainSequence::DrainSequence(net::EventLoop* loop, std::function<void()> done)
    : loop_(*loop), done_(std::move(done)) {}

DrainSequence::~DrainSequence() {
  if (timer_ != 0) loop_.CancelTimer(timer_);
}

bool DrainSequence::Begin(std::vector<Phase> phases) {
  {
    net::MutexLock lock(&mutex_);
    if (draining_) return false;
    draining_ = true;
  }
  phases_ = std::move(phases);
  BeginPhase(0);
  return true;
}

void DrainSequence::EndPhase(absl::string_view name) {
  if (timer_ == 0 || phases_[current_].name != name) return;
  loop_.CancelTimer(std::exchange(timer_, 0));
  BeginPhase(current_ + 1);
}

void DrainSequence::ShortenPhase(absl::string_view name, absl::Duration limit) {
  if (timer_ == 0 || phases_[current_].name != name || state().left <= limit) return;
  loop_.CancelTimer(std::exchange(timer_, 0));
  EndPhaseAfter(limit);
}

bool DrainSequence::Undo() {
  if (timer_ == 0 || !phases_[current_].can_be_undone) return false;
  loop_.CancelTimer(std::exchange(timer_, 0));
  net::MutexLock lock(&mutex_);
  draining_ = false;
  phase_name_.clear();
  return true;
}

void DrainSequence::BeginPhase(std::size_t phase) {
  current_ = phase;
  const bool has_more = phase < phases_.size();
  {
    net::MutexLock lock(&mutex_);
    phase_name_ = has_more ? phases_[phase].name : std::string();
  }
  if (!has_more) return done_();
  EndPhaseAfter(phases_[phase].limit);
  phases_[phase].begin();
}

void DrainSequence::EndPhaseAfter(absl::Duration limit) {
  {
    net::MutexLock lock(&mutex_);
    ends_at_ns_ = absl::ToInt64Nanoseconds(MonotonicNow() + limit);
  }
  timer_ = loop_.RunAfter(limit, [this] {
    timer_ = 0;
    BeginPhase(current_ + 1);
  });
}

DrainSequence::State DrainSequence::state() const {
  net::MutexLock lock(&mutex_);
  State state;
  state.draining = draining_;
  state.phase = phase_name_;
  if (!phase_name_.empty()) {
    state.left = std::max(absl::Nanoseconds(ends_at_ns_) - MonotonicNow(), absl::ZeroDuration());
  }
  return state;
}

}  // namespace ringcache::process

#include "net/simulated_loop.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace ringcache::net {
namespace {

void RunDue(TimerQueue* queue, std::int64_t now_ns, TimerQueue::TimerId mark) {
  EventLoop::Task task;
  while (queue->PopDue(now_ns, mark, &task)) {
    task();
    task = nullptr;
  }
}

}  // namespace

bool SimulatedLoop::Watch(int, bool, bool, DescriptorWatcher*) { return false; }

void SimulatedLoop::Run() {
  stopping_ = false;
  while (!stopping_) {
    const std::int64_t next_ns = NextWakeUp();
    if (next_ns == TimerQueue::kNever) return;
    WakeUp(next_ns);
  }
  RunPosted();  // what was posted while the stop took effect
}

void SimulatedLoop::Stop() {
  Post([this] { stopping_ = true; });
}

void SimulatedLoop::RunFor(absl::Duration time) {
  const std::int64_t end_ns = Deadline(time);
  for (std::int64_t next_ns; (next_ns = NextWakeUp()) <= end_ns && next_ns != TimerQueue::kNever;) {
    WakeUp(next_ns);
  }
  now_ns_ = end_ns;
}

bool SimulatedLoop::RunUntil(const std::function<bool()>& done, absl::Duration limit) {
  const std::int64_t end_ns = Deadline(limit);
  while (!done()) {
    const std::int64_t next_ns = NextWakeUp();
    if (next_ns > end_ns || next_ns == TimerQueue::kNever) return false;
    WakeUp(next_ns);
  }
  return true;
}

std::int64_t SimulatedLoop::Deadline(absl::Duration delay) const {
  // In absl's arithmetic, which saturates: InfiniteDuration() is the end of time.
  return absl::ToInt64Nanoseconds(MonotonicNow() + std::max(delay, absl::ZeroDuration()));
}

std::int64_t SimulatedLoop::NextWakeUp() {
  if (!posted_.empty()) return now_ns_;
  const std::int64_t due_ns = std::min(arrivals_.NextDeadline(), timers_.NextDeadline());
  return due_ns == TimerQueue::kNever ? due_ns : std::max(due_ns, now_ns_);
}

void SimulatedLoop::WakeUp(std::int64_t at_ns) {
  wake_ups_at_once_ = at_ns == now_ns_ ? wake_ups_at_once_ + 1 : 0;
  if (wake_ups_at_once_ > kMaxWakeUpsAtOnce) {
    std::fputs("SimulatedLoop: something renews itself for ever, and no time passes\n", stderr);
    std::abort();
  }
  now_ns_ = at_ns;
  // What comes to be due meanwhile waits for the next wake-up, so that the others get their turn.
  const TimerId arrivals_mark = arrivals_.Mark();
  const TimerId timers_mark = timers_.Mark();
  RunDue(&arrivals_, now_ns_, arrivals_mark);
  RunDue(&timers_, now_ns_, timers_mark);
  RunPosted();
}

void SimulatedLoop::RunPosted() {
  for (Task& task : std::exchange(posted_, {})) task();
}

}  // namespace ringcache::net

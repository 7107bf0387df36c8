// An event loop in simulated time, for tests: nothing waits, and hours pass in milliseconds. It has
// timers and tasks, and no descriptors.
//
// Thread safety: none; unlike other loops', its Post() is for one thread only.

#ifndef RINGCACHE_DISCOVERY_SIMULATED_LOOP_H_
#define RINGCACHE_DISCOVERY_SIMULATED_LOOP_H_

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/time/time.h"
#include "net/event_loop.h"
#include "net/timer_queue.h"

namespace ringcache::discovery {

class SimulatedLoop final : public net::EventLoop {
 public:
  bool Watch(int, bool, bool, net::DescriptorWatcher*) override { return false; }
  void Update(int, bool, bool, net::DescriptorWatcher*) override {}
  void Unwatch(int, net::DescriptorWatcher*) override {}
  void Post(Task task) override { timers_.Add(now_ns_, std::move(task)); }
  TimerId RunAfter(absl::Duration delay, Task task) override {
    const std::int64_t delay_ns = std::max<std::int64_t>(absl::ToInt64Nanoseconds(delay), 0);
    return timers_.Add(now_ns_ + delay_ns, std::move(task));
  }
  void CancelTimer(TimerId timer) override { timers_.Cancel(timer); }
  absl::Duration MonotonicNow() const override { return absl::Nanoseconds(now_ns_); }
  absl::Time WallNow() const override { return absl::UnixEpoch() + MonotonicNow(); }
  std::int64_t MonotonicSeconds() const override { return now_ns_ / 1000000000; }
  void Run() override {
    stopped_ = false;
    while (!stopped_ && !timers_.empty()) RunOne();
  }
  void Stop() override { stopped_ = true; }

  // Runs what is due within `time`, which has then passed.
  void RunFor(absl::Duration time) {
    const std::int64_t end_ns = now_ns_ + absl::ToInt64Nanoseconds(time);
    while (timers_.NextDeadline() <= end_ns) RunOne();
    now_ns_ = end_ns;
  }

 private:
  void RunOne() {
    now_ns_ = std::max(now_ns_, timers_.NextDeadline());
    Task task;
    if (timers_.PopDue(now_ns_, timers_.Mark(), &task)) task();
  }

  // An hour after the start of the clock, so that nothing depends on times being near zero.
  std::int64_t now_ns_ = std::int64_t{3600} * 1000000000;
  net::TimerQueue timers_;
  bool stopped_ = false;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_SIMULATED_LOOP_H_

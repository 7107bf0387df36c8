// An event loop in simulated time, for tests: nothing waits, and hours pass in milliseconds. It has
// timers, tasks and what a simulated network brings (simulated_network.h), but no descriptors. One
// wake-up is: time passes to what is due next, arrivals, timers, posted tasks.
//
// Thread safety: none; unlike other loops', its Post() and Stop() are for one thread only.

#ifndef RINGCACHE_NET_SIMULATED_LOOP_H_
#define RINGCACHE_NET_SIMULATED_LOOP_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/time/time.h"
#include "net/event_loop.h"
#include "net/timer_queue.h"

namespace ringcache::net {

class SimulatedLoop final : public EventLoop {
 public:
  // Past so many wake-ups in which no time passes, something renews itself for ever, and the
  // process ends with a word of it.
  static constexpr int kMaxWakeUpsAtOnce = 1'000'000;

  bool Watch(int, bool, bool, DescriptorWatcher*) override;
  void Update(int, bool, bool, DescriptorWatcher*) override {}
  void Unwatch(int, DescriptorWatcher*) override {}

  void Post(Task task) override { posted_.push_back(std::move(task)); }
  TimerId RunAfter(absl::Duration delay, Task task) override {
    return timers_.Add(Deadline(delay), std::move(task));
  }
  void CancelTimer(TimerId timer) override { timers_.Cancel(timer); }

  absl::Duration MonotonicNow() const override { return absl::Nanoseconds(now_ns_); }
  absl::Time WallNow() const override { return kStart + MonotonicNow(); }
  std::int64_t MonotonicSeconds() const override { return now_ns_ / kNanosecondsPerSecond; }
  std::int64_t PresentNs() const override { return now_ns_; }

  // Also ends when nothing is left to wait for.
  void Run() override;
  void Stop() override;

  // As RunAfter and CancelTimer, for what the world outside does: it comes where another loop calls
  // ready descriptors, before the timers that are due.
  TimerId ArriveAfter(absl::Duration delay, Task task) {
    return arrivals_.Add(Deadline(delay), std::move(task));
  }
  void CancelArrival(TimerId arrival) { arrivals_.Cancel(arrival); }

  // Runs what is due within `time`, which has then passed.
  void RunFor(absl::Duration time);
  // Runs wake-ups until `done`, which is asked after each of them. False if `limit` has passed
  // before, or nothing is left to wait for.
  bool RunUntil(const std::function<bool()>& done, absl::Duration limit);

 private:
  static constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
  // Such as is neither near zero nor far from the times that caches see (14 November 2023).
  static constexpr absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

  std::int64_t Deadline(absl::Duration delay) const;
  // When the next wake-up is; kNever without anything to wait for.
  std::int64_t NextWakeUp();
  void WakeUp(std::int64_t at_ns);
  void RunPosted();

  // An hour after the start of the clock, so that nothing depends on times being near zero.
  std::int64_t now_ns_ = 3600 * kNanosecondsPerSecond;
  int wake_ups_at_once_ = 0;
  bool stopping_ = false;
  TimerQueue arrivals_;
  TimerQueue timers_;
  std::vector<Task> posted_;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_SIMULATED_LOOP_H_

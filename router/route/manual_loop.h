// A loop of tests whose time passes when the test says so. It watches no descriptors.
//
// Thread safety: none, also of Post() and Stop().

#ifndef RINGCACHE_ROUTER_ROUTE_MANUAL_LOOP_H_
#define RINGCACHE_ROUTER_ROUTE_MANUAL_LOOP_H_

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/time/time.h"
#include "net/event_loop.h"
#include "net/timer_queue.h"

namespace ringcache::router {

class ManualLoop final : public net::EventLoop {
 public:
  // Runs what becomes due within `duration`, each at its time.
  void Advance(absl::Duration duration) {
    const std::int64_t end_ns = now_ns_ + absl::ToInt64Nanoseconds(duration);
    while (timers_.NextDeadline() <= end_ns) {
      now_ns_ = std::max(now_ns_, timers_.NextDeadline());
      const TimerId mark = timers_.Mark();
      for (Task task; timers_.PopDue(now_ns_, mark, &task);) task();
    }
    now_ns_ = end_ns;
  }
  // Runs up to the next timer; false if there is none.
  bool AdvanceToNextTimer() {
    if (timers_.empty()) return false;
    Advance(absl::Nanoseconds(std::max<std::int64_t>(timers_.NextDeadline() - now_ns_, 0)));
    return true;
  }
  bool idle() const { return timers_.empty(); }

  bool Watch(int, bool, bool, net::DescriptorWatcher*) override { return false; }
  void Update(int, bool, bool, net::DescriptorWatcher*) override {}
  void Unwatch(int, net::DescriptorWatcher*) override {}
  void Post(Task task) override { RunAfter(absl::ZeroDuration(), std::move(task)); }
  TimerId RunAfter(absl::Duration delay, Task task) override {
    const absl::Duration later = std::max(delay, absl::ZeroDuration());
    return timers_.Add(now_ns_ + absl::ToInt64Nanoseconds(later), std::move(task));
  }
  void CancelTimer(TimerId timer) override { timers_.Cancel(timer); }
  absl::Duration MonotonicNow() const override { return absl::Nanoseconds(now_ns_); }
  absl::Time WallNow() const override { return kStart + MonotonicNow(); }
  std::int64_t MonotonicSeconds() const override { return now_ns_ / 1'000'000'000; }
  void Run() override { Advance(absl::ZeroDuration()); }
  void Stop() override {}

  // The wall clock when it begins.
  static constexpr absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

 private:
  net::TimerQueue timers_;
  std::int64_t now_ns_ = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_MANUAL_LOOP_H_

// EventLoop on Linux's epoll, level-triggered. One wake-up is: epoll_wait, the ready descriptors,
// due timers, posted tasks. An event carries its watcher's address, so that nothing is looked up
// for it.
//
// Thread safety: as event_loop.h says. Watchers are not owned.

#ifndef RINGCACHE_NET_EPOLL_EVENT_LOOP_H_
#define RINGCACHE_NET_EPOLL_EVENT_LOOP_H_

#include <sys/epoll.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "net/clock/tick_clock.h"
#include "net/descriptor.h"
#include "net/event_loop.h"
#include "net/mutex.h"
#include "net/timer_queue.h"

namespace ringcache::net {

class EpollEventLoop final : public EventLoop {
 public:
  // Fails when the process has no descriptors left.
  static absl::StatusOr<std::unique_ptr<EpollEventLoop>> Create();

  ~EpollEventLoop() override;

  // Before it sleeps, the loop looks for events for this long: what comes meanwhile is met without
  // the cost of being woken, for which a core is kept busy. Zero by default. REQUIRES: before
  // Run(), and not negative.
  void set_spin(absl::Duration spin) { spin_ns_ = absl::ToInt64Nanoseconds(spin); }

  bool Watch(int descriptor, bool read, bool write, DescriptorWatcher* watcher) override;
  void Update(int descriptor, bool read, bool write, DescriptorWatcher* watcher) override;
  void Unwatch(int descriptor, DescriptorWatcher* watcher) override;

  // From the loop's own thread costs no lock and no system call; from others at most one write
  // until the loop has taken what was posted.
  void Post(Task task) override;
  // Timers have millisecond resolution, rounded up; a delay of zero is the next wake-up.
  TimerId RunAfter(absl::Duration delay, Task task) override;
  void CancelTimer(TimerId timer) override;

  absl::Duration MonotonicNow() const override { return absl::Nanoseconds(MonotonicNowNs()); }
  std::int64_t MonotonicNowNs() const override {
    if (!monotonic_known_) {
      monotonic_now_ns_ = clock_.NowNs();
      monotonic_known_ = running_;
    }
    return monotonic_now_ns_;
  }
  // From the kernel's coarse clock: up to one tick (4 ms) and a millisecond late.
  absl::Time WallNow() const override;
  // From the coarse clock, too: cheap enough to be asked per connection.
  std::int64_t MonotonicSeconds() const override;
  std::int64_t PresentNs() const override { return clock_.NowNs(); }

  void Run() override;
  void Stop() override;

 private:
  // Descriptors taken from the kernel at once; more are taken at the next wake-up.
  static constexpr int kBatch = 256;

  // Rung by Post from another thread. Edge-triggered, so that it need not be read.
  class Bell final : public DescriptorWatcher {
   public:
    void OnReady(bool, bool) override { rung = true; }
    bool rung = false;
  };

  EpollEventLoop(Descriptor epoll, Descriptor bell_descriptor);

  bool Control(int operation, int descriptor, std::uint32_t events, DescriptorWatcher* watcher);
  int WaitMilliseconds();
  int Wait(int timeout_ms);
  void ForgetReady(DescriptorWatcher* watcher, std::uint32_t kept_events);
  void DispatchReady(int timeout_ms);
  void RunDueTimers(TimerId mark);
  void RunPosted();

  const Descriptor epoll_;
  const Descriptor bell_descriptor_;
  std::int64_t spin_ns_ = 0;
  Bell bell_;
  bool running_ = false;
  bool stopping_ = false;
  // The thread in Run(). Relaxed: each thread only asks whether it is itself that thread.
  std::atomic<std::thread::id> runner_{};

  // What epoll_wait returned, and which part of it is still to be called.
  std::array<epoll_event, kBatch> ready_;
  int next_ready_ = 0;
  int ready_count_ = 0;

  mutable TickClock clock_;
  // Each is read when first asked for in a wake-up.
  // Not kept outside Run(), where there are no wake-ups.
  mutable bool monotonic_known_ = false;
  mutable bool wall_known_ = false;
  mutable std::int64_t monotonic_now_ns_ = 0;
  mutable std::int64_t wall_read_ns_ = 0;
  mutable absl::Time wall_now_;

  TimerQueue timers_;
  std::vector<Task> posted_here_;    // by this thread
  std::vector<Task> running_tasks_;  // keeps its capacity between wake-ups

  Mutex mutex_;
  std::vector<Task> posted_elsewhere_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_EPOLL_EVENT_LOOP_H_

// The contract of an event loop: one thread that waits for descriptors, timers and posted tasks and
// calls back. Implementations (epoll_event_loop.h; simulated ones in tests) pass one test suite,
// event_loop_test.cc.
//
// Thread safety: a loop belongs to the thread that calls Run(). Post() and Stop() may be called
// from any thread; everything else from the loop's own thread only, or before Run().

#ifndef RINGCACHE_NET_EVENT_LOOP_H_
#define RINGCACHE_NET_EVENT_LOOP_H_

#include <cstdint>
#include <functional>

#include "absl/time/time.h"

namespace ringcache::net {

// Told when a watched descriptor can be read or written. Not owned by the loop.
class DescriptorWatcher {
 public:
  virtual ~DescriptorWatcher() = default;
  // `readable` also covers end of stream and errors, and these are told even to a watcher that
  // waits for neither: the next read tells which.
  virtual void OnReady(bool readable, bool writable) = 0;
};

class EventLoop {
 public:
  using Task = std::function<void()>;
  // Identifies a pending timer; 0 is never used.
  using TimerId = std::uint64_t;

  virtual ~EventLoop() = default;

  // Watches `descriptor` (level-triggered). `watcher` is called until Unwatch and may call Unwatch
  // or destroy itself from within OnReady. REQUIRES: not watched yet. False if the kernel has no
  // room for another watch (errno says what it lacks); then nothing has changed.
  virtual bool Watch(int descriptor, bool read, bool write, DescriptorWatcher* watcher) = 0;
  // Changes what is waited for. REQUIRES: watched.
  virtual void Update(int descriptor, bool read, bool write, DescriptorWatcher* watcher) = 0;
  // After it returns, the watcher is not called again. REQUIRES: watched.
  virtual void Unwatch(int descriptor, DescriptorWatcher* watcher) = 0;

  // Runs `task` once on the loop's thread, after the callbacks in progress: what the loop's own
  // thread posts during callbacks runs at the end of their wake-up, before the loop waits again.
  // Callable from any thread. Tasks posted by one thread run in order; what a task posts runs in
  // the next wake-up, which comes without waiting.
  // Tasks posted before Stop() takes effect are run, also those posted before Run().
  virtual void Post(Task task) = 0;
  // Runs `task` once, not before `delay` has passed since MonotonicNow(). Timers run in the order
  // of their deadlines, equal ones in the order they were set. With a delay of zero (or less) that
  // is in the next wake-up, after the descriptors that are ready then: the way to yield.
  virtual TimerId RunAfter(absl::Duration delay, Task task) = 0;
  // A timer that has run or was cancelled is ignored.
  virtual void CancelTimer(TimerId timer) = 0;

  // Time of the current wake-up: monotonic for durations, and the wall clock in Unix seconds, each
  // read at most once a wake-up.
  virtual absl::Duration MonotonicNow() const = 0;
  virtual absl::Time WallNow() const = 0;
  // MonotonicNow() in nanoseconds, for those who only compare and subtract.
  virtual std::int64_t MonotonicNowNs() const { return absl::ToInt64Nanoseconds(MonotonicNow()); }
  // The monotonic clock in whole seconds. Not the wake-up's time but the present, from any thread.
  virtual std::int64_t MonotonicSeconds() const = 0;
  // The monotonic clock in nanoseconds: not the wake-up's time but the present. Cheap enough to be
  // asked once a request.
  virtual std::int64_t PresentNs() const = 0;

  // Runs until Stop(), which takes effect at the end of a wake-up, also if it was called before
  // Run(). May be run again.
  virtual void Run() = 0;
  virtual void Stop() = 0;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_EVENT_LOOP_H_

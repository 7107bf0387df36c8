// A loop for which the kernel has no room for another watch, as long as it is told so.
//
// Thread safety: as the loop that it stands before.

#ifndef RINGCACHE_NET_CRAMPED_LOOP_H_
#define RINGCACHE_NET_CRAMPED_LOOP_H_

#include <cerrno>
#include <cstdint>
#include <utility>

#include "absl/time/time.h"
#include "net/event_loop.h"

namespace ringcache::net {

class CrampedLoop final : public EventLoop {
 public:
  explicit CrampedLoop(EventLoop* loop) : loop_(*loop) {}

  void set_full(bool full) { full_ = full; }

  bool Watch(int descriptor, bool read, bool write, DescriptorWatcher* watcher) override {
    if (!full_) return loop_.Watch(descriptor, read, write, watcher);
    errno = ENOSPC;
    return false;
  }
  void Update(int descriptor, bool read, bool write, DescriptorWatcher* watcher) override {
    loop_.Update(descriptor, read, write, watcher);
  }
  void Unwatch(int descriptor, DescriptorWatcher* watcher) override {
    loop_.Unwatch(descriptor, watcher);
  }
  void Post(Task task) override { loop_.Post(std::move(task)); }
  TimerId RunAfter(absl::Duration delay, Task task) override {
    return loop_.RunAfter(delay, std::move(task));
  }
  void CancelTimer(TimerId timer) override { loop_.CancelTimer(timer); }
  absl::Duration MonotonicNow() const override { return loop_.MonotonicNow(); }
  absl::Time WallNow() const override { return loop_.WallNow(); }
  std::int64_t MonotonicSeconds() const override { return loop_.MonotonicSeconds(); }
  std::int64_t PresentNs() const override { return loop_.PresentNs(); }
  void Run() override { loop_.Run(); }
  void Stop() override { loop_.Stop(); }

 private:
  EventLoop& loop_;
  bool full_ = false;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_CRAMPED_LOOP_H_

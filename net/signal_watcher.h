// Delivers signals as calls on an event loop, where ordinary code may run.
//
// The signals are blocked in the thread that creates the watcher and, by inheritance, in threads
// that it starts later: create it before any other thread. Destroying it restores the thread's
// mask.
//
// Thread safety: belongs to its loop's thread, or to whoever sets the loop up before it runs.

#ifndef RINGCACHE_NET_SIGNAL_WATCHER_H_
#define RINGCACHE_NET_SIGNAL_WATCHER_H_

#include <signal.h>

#include <functional>
#include <initializer_list>
#include <memory>

#include "absl/status/statusor.h"
#include "net/descriptor.h"
#include "net/event_loop.h"

namespace ringcache::net {

class SignalWatcher final : private DescriptorWatcher {
 public:
  using Callback = std::function<void(int signal)>;

  // For example {SIGINT, SIGTERM, SIGHUP, SIGUSR1}.
  static absl::StatusOr<std::unique_ptr<SignalWatcher>> Create(EventLoop* loop,
                                                               std::initializer_list<int> signals,
                                                               Callback callback);
  ~SignalWatcher() override;

  // Blocks `signals` in the calling thread for good: one that comes before a watcher is made, or
  // after it is gone, waits instead of killing a program that others already see or that is about
  // to end well.
  static void Hold(std::initializer_list<int> signals);

 private:
  SignalWatcher(EventLoop* loop, Descriptor descriptor, const sigset_t& previous,
                Callback callback);
  void OnReady(bool readable, bool writable) override;

  EventLoop* const loop_;
  const Descriptor descriptor_;
  const sigset_t previous_mask_;
  const Callback callback_;
  bool watched_ = false;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_SIGNAL_WATCHER_H_

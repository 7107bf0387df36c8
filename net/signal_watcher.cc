#include "net/signal_watcher.h"

#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ringcache::net {

absl::StatusOr<std::unique_ptr<SignalWatcher>> SignalWatcher::Create(
    EventLoop* loop, std::initializer_list<int> signals, Callback callback) {
  sigset_t mask;
  sigemptyset(&mask);
  for (const int signal : signals) {
    if (sigaddset(&mask, signal) != 0) {
      return absl::InvalidArgumentError(absl::StrCat(signal, " is not the number of a signal"));
    }
  }
  Descriptor descriptor(signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!descriptor.valid()) return absl::ErrnoToStatus(errno, "cannot create a signal descriptor");
  sigset_t previous;
  if (const int error = pthread_sigmask(SIG_BLOCK, &mask, &previous); error != 0) {
    return absl::ErrnoToStatus(error, "cannot block signals");
  }
  std::unique_ptr<SignalWatcher> watcher(
      new SignalWatcher(loop, std::move(descriptor), previous, std::move(callback)));
  watcher->watched_ =
      loop->Watch(watcher->descriptor_.get(), /*read=*/true, /*write=*/false, watcher.get());
  if (!watcher->watched_) return absl::ErrnoToStatus(errno, "cannot watch a signal descriptor");
  return watcher;
}

void SignalWatcher::Hold(std::initializer_list<int> signals) {
  sigset_t mask;
  sigemptyset(&mask);
  for (const int signal : signals) sigaddset(&mask, signal);
  pthread_sigmask(SIG_BLOCK, &mask, nullptr);
}

SignalWatcher::SignalWatcher(EventLoop* loop, Descriptor descriptor, const sigset_t& previous,
                             Callback callback)
    : loop_(loop),
      descriptor_(std::move(descriptor)),
      previous_mask_(previous),
      callback_(std::move(callback)) {}

SignalWatcher::~SignalWatcher() {
  if (watched_) loop_->Unwatch(descriptor_.get(), this);
  pthread_sigmask(SIG_SETMASK, &previous_mask_, nullptr);
}

// One signal a wake-up: the callback may destroy the watcher.
void SignalWatcher::OnReady(bool /*readable*/, bool /*writable*/) {
  signalfd_siginfo info;
  if (read(descriptor_.get(), &info, sizeof(info)) != sizeof(info)) return;
  // A copy, as destroying the watcher must not destroy the function that is running.
  const Callback callback = callback_;
  callback(static_cast<int>(info.ssi_signo));
}

}  // namespace ringcache::net

#include "net/signal_watcher.h"

#include <pthread.h>
#include <signal.h>

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "net/epoll_event_loop.h"

namespace ringcache::net {
namespace {

// To this thread: a process-wide signal could meet a thread of the test's runtime that does not
// block it.
void Raise(int signal) { ASSERT_EQ(pthread_kill(pthread_self(), signal), 0); }

TEST(SignalWatcherTest, SignalsArriveAsCallsOnTheLoop) {
  const auto loop = EpollEventLoop::Create().value();
  std::vector<int> signals;
  const auto watcher =
      SignalWatcher::Create(loop.get(), {SIGTERM, SIGHUP, SIGUSR1}, [&](int signal) {
        signals.push_back(signal);
        if (signals.size() == 2) loop->Stop();
      }).value();
  loop->Post([] { Raise(SIGHUP); });
  loop->Post([] { Raise(SIGTERM); });
  loop->Run();
  EXPECT_EQ(signals, (std::vector<int>{SIGHUP, SIGTERM}));
}

TEST(SignalWatcherTest, TheCallbackMayDestroyTheWatcher) {
  const auto loop = EpollEventLoop::Create().value();
  std::unique_ptr<SignalWatcher> watcher;
  watcher = SignalWatcher::Create(loop.get(), {SIGUSR1}, [&](int) {
              watcher.reset();
              loop->Stop();
            }).value();
  Raise(SIGUSR1);
  loop->Run();
  EXPECT_EQ(watcher, nullptr);
}

TEST(SignalWatcherTest, DestroyingItRestoresTheMask) {
  const auto loop = EpollEventLoop::Create().value();
  const auto blocked = [] {
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    return sigismember(&mask, SIGUSR1) == 1;
  };
  EXPECT_FALSE(blocked());
  {
    const auto watcher = SignalWatcher::Create(loop.get(), {SIGUSR1}, [](int) {}).value();
    EXPECT_TRUE(blocked());
  }
  EXPECT_FALSE(blocked());
}

TEST(SignalWatcherTest, WhatIsNoSignalIsRefused) {
  const auto loop = EpollEventLoop::Create().value();
  EXPECT_TRUE(
      absl::IsInvalidArgument(SignalWatcher::Create(loop.get(), {12345}, [](int) {}).status()));
}

}  // namespace
}  // namespace ringcache::net

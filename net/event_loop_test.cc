// The contract of EventLoop, run on every implementation: a new one is a row of kImplementations,
// and of kWatchingImplementations if it has descriptors and threads.

#include "net/event_loop.h"

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/descriptor.h"
#include "net/epoll_event_loop.h"
#include "net/simulated_loop.h"

namespace ringcache::net {
namespace {

struct Implementation {
  const char* name;
  std::unique_ptr<EventLoop> (*make)();
};

constexpr Implementation kWatchingImplementations[] = {
    {"Epoll", []() -> std::unique_ptr<EventLoop> { return EpollEventLoop::Create().value(); }},
    {"SpinningEpoll",
     []() -> std::unique_ptr<EventLoop> {
       auto loop = EpollEventLoop::Create().value();
       // Longer than some of the timers of the tests, shorter than others.
       loop->set_spin(absl::Milliseconds(2));
       return loop;
     }},
};

constexpr Implementation kImplementations[] = {
    kWatchingImplementations[0],
    kWatchingImplementations[1],
    {"Simulated", []() -> std::unique_ptr<EventLoop> { return std::make_unique<SimulatedLoop>(); }},
};

// A stream with two ends, of which the loop watches one.
struct SocketPair {
  SocketPair() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) abort();
    watched.Reset(ends[0]);
    peer.Reset(ends[1]);
  }
  void MakeReadable() { ASSERT_EQ(write(peer.get(), "x", 1), 1); }
  void TakeByte() {
    char byte;
    ASSERT_EQ(read(watched.get(), &byte, 1), 1);
  }
  Descriptor watched;
  Descriptor peer;
};

class CallingWatcher : public DescriptorWatcher {
 public:
  using Callback = std::function<void(bool readable, bool writable)>;
  explicit CallingWatcher(Callback callback) : callback_(std::move(callback)) {}
  void OnReady(bool readable, bool writable) override { callback_(readable, writable); }

 private:
  const Callback callback_;
};

class EventLoopTest : public testing::TestWithParam<Implementation> {
 protected:
  // Runs what is ready or due now, and one wake-up more for what that posted.
  void RunAWhile() {
    loop_->Post([this] { loop_->Stop(); });
    loop_->Run();
  }

  const std::unique_ptr<EventLoop> loop_ = GetParam().make();
  std::vector<std::string> log_;
};

class WatchingEventLoopTest : public EventLoopTest {};

TEST_P(EventLoopTest, TasksPostedByOneThreadRunInOrder) {
  for (const char* name : {"first", "second", "third"}) {
    loop_->Post([this, name] { log_.push_back(name); });
  }
  loop_->Stop();
  loop_->Run();
  EXPECT_EQ(log_, (std::vector<std::string>{"first", "second", "third"}));
}

TEST_P(EventLoopTest, TasksPostedByATaskRunAfterThoseInProgress) {
  loop_->Post([this] {
    loop_->Post([this] {
      log_.push_back("nested");
      loop_->Stop();
    });
    log_.push_back("outer");
  });
  loop_->Post([this] { log_.push_back("neighbour"); });
  loop_->Run();
  EXPECT_EQ(log_, (std::vector<std::string>{"outer", "neighbour", "nested"}));
}

// What a wake-up has to send is sent so.
TEST_P(EventLoopTest, ATaskThatACallbackPostsRunsAfterTheOthersAndBeforeTheLoopWaitsAgain) {
  loop_->Post([this] {  // in one wake-up, so that the deadlines are equal
    const auto due = std::make_shared<absl::Duration>();
    loop_->RunAfter(absl::Milliseconds(1), [this, due] {
      *due = loop_->MonotonicNow();
      log_.push_back("timer");
      loop_->Post([this, due] {
        EXPECT_EQ(loop_->MonotonicNow(), *due) << "waited";
        log_.push_back("posted");
        loop_->Post([this] {
          log_.push_back("posted by it");
          loop_->Stop();
        });
      });
    });
    loop_->RunAfter(absl::Milliseconds(1), [this] { log_.push_back("neighbour"); });
    // Past which a loop that waited would be noticed.
    loop_->RunAfter(absl::Milliseconds(200), [this] { log_.push_back("too late"); });
  });
  loop_->Run();
  EXPECT_EQ(log_, (std::vector<std::string>{"timer", "neighbour", "posted", "posted by it"}));
}

TEST_P(WatchingEventLoopTest, ATaskThatAWatcherPostsRunsBeforeTheLoopWaitsAgain) {
  SocketPair pair;
  pair.MakeReadable();
  absl::Duration ready;
  CallingWatcher watcher([&](bool, bool) {
    pair.TakeByte();
    ready = loop_->MonotonicNow();
    loop_->Post([&] {
      EXPECT_EQ(loop_->MonotonicNow(), ready) << "waited";
      log_.push_back("posted");
      loop_->Stop();
    });
    log_.push_back("descriptor");
  });
  loop_->Watch(pair.watched.get(), true, false, &watcher);
  loop_->Run();
  EXPECT_EQ(log_, (std::vector<std::string>{"descriptor", "posted"}));
  loop_->Unwatch(pair.watched.get(), &watcher);
}

TEST_P(EventLoopTest, TasksPostedBeforeStopTakesEffectAreRun) {
  bool ran = false;
  loop_->Post([this, &ran] {
    loop_->Stop();
    loop_->Post([&ran] { ran = true; });
  });
  loop_->Run();
  EXPECT_TRUE(ran);
}

TEST_P(EventLoopTest, StopBeforeRunEndsRun) {
  loop_->Stop();
  loop_->Run();
}

TEST_P(EventLoopTest, RunsAgainAfterStop) {
  int runs = 0;
  for (int i = 0; i < 3; ++i) {
    loop_->Post([this, &runs] {
      ++runs;
      loop_->Stop();
    });
    loop_->Run();
  }
  EXPECT_EQ(runs, 3);
}

TEST_P(WatchingEventLoopTest, PostsFromManyThreadsAllRunOnTheLoopsThread) {
  constexpr int kThreads = 4;
  constexpr int kTasks = 500;
  int runs = 0;  // not atomic: ThreadSanitizer proves that one thread runs them all
  std::vector<int> last(kThreads, -1);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t, &runs, &last] {
      for (int i = 0; i < kTasks; ++i) {
        loop_->Post([this, t, i, &runs, &last] {
          EXPECT_EQ(last[t], i - 1);
          last[t] = i;
          if (++runs == kThreads * kTasks) loop_->Stop();
        });
      }
    });
  }
  loop_->Run();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(runs, kThreads * kTasks);
}

TEST_P(WatchingEventLoopTest, StopFromAnotherThreadWakesAnIdleLoop) {
  std::atomic<bool> started{false};
  std::thread other([this, &started] {
    while (!started) std::this_thread::yield();
    loop_->Stop();
  });
  loop_->Post([&started] { started = true; });
  loop_->Run();
  other.join();
}

TEST_P(EventLoopTest, TimersRunInTheOrderOfTheirDeadlines) {
  loop_->RunAfter(absl::Milliseconds(6), [this] {
    log_.push_back("late");
    loop_->Stop();
  });
  loop_->RunAfter(absl::Milliseconds(2), [this] { log_.push_back("early"); });
  loop_->RunAfter(absl::Milliseconds(4), [this] { log_.push_back("between"); });
  loop_->Run();
  EXPECT_EQ(log_, (std::vector<std::string>{"early", "between", "late"}));
}

TEST_P(EventLoopTest, EqualTimersRunInTheOrderTheyWereSet) {
  loop_->Post([this] {  // in one wake-up, so that their deadlines are equal
    for (const char* name : {"first", "second", "third"}) {
      loop_->RunAfter(absl::Milliseconds(1), [this, name] { log_.push_back(name); });
    }
    loop_->RunAfter(absl::Milliseconds(1), [this] { loop_->Stop(); });
  });
  loop_->Run();
  EXPECT_EQ(log_, (std::vector<std::string>{"first", "second", "third"}));
}

TEST_P(EventLoopTest, TimersRunNotBeforeTheirDelayHasPassed) {
  absl::Duration set;
  absl::Duration ran;
  loop_->Post([this, &set, &ran] {
    set = loop_->MonotonicNow();
    loop_->RunAfter(absl::Milliseconds(3), [this, &ran] {
      ran = loop_->MonotonicNow();
      loop_->Stop();
    });
  });
  loop_->Run();
  EXPECT_GE(ran - set, absl::Milliseconds(3));
}

TEST_P(EventLoopTest, ACancelledTimerDoesNotRun) {
  const EventLoop::TimerId timer =
      loop_->RunAfter(absl::Milliseconds(1), [this] { log_.push_back("cancelled"); });
  EXPECT_NE(timer, 0u);
  loop_->RunAfter(absl::Milliseconds(3), [this] { loop_->Stop(); });
  loop_->CancelTimer(timer);
  loop_->CancelTimer(timer);
  loop_->Run();
  EXPECT_TRUE(log_.empty());
  loop_->CancelTimer(timer);
}

TEST_P(EventLoopTest, ATimerMayCancelAnotherThatIsDue) {
  loop_->Post([this] {
    auto second = std::make_shared<EventLoop::TimerId>();
    loop_->RunAfter(absl::Milliseconds(1), [this, second] { loop_->CancelTimer(*second); });
    *second = loop_->RunAfter(absl::Milliseconds(1), [this] { log_.push_back("second"); });
    loop_->RunAfter(absl::Milliseconds(2), [this] { loop_->Stop(); });
  });
  loop_->Run();
  EXPECT_TRUE(log_.empty());
}

TEST_P(WatchingEventLoopTest, ATimerOfNoDelayRunsAfterDescriptorsThatAreReady) {
  SocketPair pair;
  CallingWatcher watcher([&](bool, bool) {
    pair.TakeByte();
    log_.push_back("descriptor");
  });
  loop_->Watch(pair.watched.get(), true, false, &watcher);
  loop_->Post([&] {
    loop_->RunAfter(absl::ZeroDuration(), [this] {
      log_.push_back("timer");
      loop_->RunAfter(absl::ZeroDuration(), [this] {
        log_.push_back("timer again");
        loop_->Stop();
      });
    });
    pair.MakeReadable();
  });
  loop_->Run();
  EXPECT_EQ(log_, (std::vector<std::string>{"descriptor", "timer", "timer again"}));
  loop_->Unwatch(pair.watched.get(), &watcher);
}

TEST_P(WatchingEventLoopTest, ATimerOfNoDelayThatADescriptorSetsRunsInTheNextWakeUp) {
  SocketPair first;
  SocketPair second;
  CallingWatcher second_watcher([&](bool, bool) {
    second.TakeByte();
    log_.push_back("second");
  });
  CallingWatcher first_watcher([&](bool, bool) {
    first.TakeByte();
    log_.push_back("first");
    second.MakeReadable();
    loop_->RunAfter(absl::ZeroDuration(), [this] {
      log_.push_back("timer");
      loop_->Stop();
    });
  });
  loop_->Watch(first.watched.get(), true, false, &first_watcher);
  loop_->Watch(second.watched.get(), true, false, &second_watcher);
  first.MakeReadable();
  loop_->Run();
  EXPECT_EQ(log_, (std::vector<std::string>{"first", "second", "timer"}));
  loop_->Unwatch(first.watched.get(), &first_watcher);
  loop_->Unwatch(second.watched.get(), &second_watcher);
}

TEST_P(WatchingEventLoopTest, TimersThatRenewThemselvesDoNotStarveDescriptors) {
  SocketPair pair;
  bool served = false;
  CallingWatcher watcher([&](bool, bool) { served = true; });
  loop_->Watch(pair.watched.get(), true, false, &watcher);
  int turns = 0;
  std::function<void()> renew = [&] {
    if (++turns == 2) pair.MakeReadable();
    served ? loop_->Stop() : static_cast<void>(loop_->RunAfter(absl::ZeroDuration(), renew));
  };
  loop_->RunAfter(absl::ZeroDuration(), renew);
  loop_->Run();
  EXPECT_LE(turns, 4);
  loop_->Unwatch(pair.watched.get(), &watcher);
}

TEST_P(EventLoopTest, TimeStandsStillWithinAWakeUpAndGoesOnBetween) {
  absl::Duration first;
  loop_->Post([&] {
    first = loop_->MonotonicNow();
    EXPECT_EQ(loop_->MonotonicNow(), first);
    EXPECT_EQ(loop_->WallNow(), loop_->WallNow());
    loop_->RunAfter(absl::Milliseconds(1), [&] {
      EXPECT_GE(loop_->MonotonicNow() - first, absl::Milliseconds(1));
      loop_->Stop();
    });
  });
  loop_->Run();
}

TEST_P(EventLoopTest, ThePresentIsNotBeforeTheWakeUp) {
  loop_->Post([&] {
    const std::int64_t woken_ns = loop_->MonotonicNowNs();
    EXPECT_EQ(absl::Nanoseconds(woken_ns), loop_->MonotonicNow());
    EXPECT_GE(loop_->PresentNs(), woken_ns);
    loop_->RunAfter(absl::Milliseconds(1), [this, woken_ns] {
      EXPECT_GE(loop_->PresentNs() - woken_ns, 1'000'000);
      loop_->Stop();
    });
  });
  loop_->Run();
}

TEST_P(WatchingEventLoopTest, TellsReadableAndWritableAsAskedFor) {
  SocketPair pair;
  CallingWatcher watcher([&](bool readable, bool writable) {
    log_.push_back(std::string(readable ? "r" : "") + (writable ? "w" : ""));
    if (log_.size() == 1) {
      loop_->Update(pair.watched.get(), true, false, &watcher);
      pair.MakeReadable();
    } else if (log_.size() == 2) {
      loop_->Update(pair.watched.get(), true, true, &watcher);
    } else {
      loop_->Unwatch(pair.watched.get(), &watcher);
      loop_->Stop();
    }
  });
  loop_->Watch(pair.watched.get(), false, true, &watcher);
  loop_->Run();
  EXPECT_EQ(log_, (std::vector<std::string>{"w", "r", "rw"}));
}

TEST_P(WatchingEventLoopTest, ReadinessIsToldUntilItIsConsumed) {
  SocketPair pair;
  pair.MakeReadable();
  int calls = 0;
  CallingWatcher watcher([&](bool, bool) {
    if (++calls == 3) loop_->Stop();
  });
  loop_->Watch(pair.watched.get(), true, false, &watcher);
  loop_->Run();
  EXPECT_GE(calls, 3);
  loop_->Unwatch(pair.watched.get(), &watcher);
}

TEST_P(WatchingEventLoopTest, AHangUpIsToldToAWatcherOfNothing) {
  SocketPair pair;
  CallingWatcher watcher([&](bool readable, bool writable) {
    EXPECT_TRUE(readable);
    EXPECT_FALSE(writable);
    loop_->Unwatch(pair.watched.get(), &watcher);
    loop_->Stop();
  });
  loop_->Watch(pair.watched.get(), false, false, &watcher);
  pair.peer.Reset();
  loop_->Run();
}

// Of two descriptors ready in one wake-up, the one that is called first takes the other one down.
TEST_P(WatchingEventLoopTest, AWatcherThatAnotherDestroysIsNotCalled) {
  SocketPair pairs[2];
  std::unique_ptr<CallingWatcher> watchers[2];
  int calls = 0;
  for (int i = 0; i < 2; ++i) {
    watchers[i] = std::make_unique<CallingWatcher>([&, i](bool, bool) {
      ++calls;
      for (int j : {1 - i, i}) {  // the other one, then itself
        loop_->Unwatch(pairs[j].watched.get(), watchers[j].get());
      }
      watchers[1 - i].reset();
      pairs[1 - i].watched.Reset();
    });
  }
  loop_->Post([&] {
    for (int i = 0; i < 2; ++i) {
      pairs[i].MakeReadable();
      loop_->Watch(pairs[i].watched.get(), true, false, watchers[i].get());
    }
    loop_->RunAfter(absl::Milliseconds(1), [this] { loop_->Stop(); });
  });
  loop_->Run();
  EXPECT_EQ(calls, 1);
}

TEST_P(WatchingEventLoopTest, AWatcherThatAnotherTurnsAwayFromReadingIsNotToldOfIt) {
  SocketPair pairs[2];
  std::unique_ptr<CallingWatcher> watchers[2];
  int calls = 0;
  for (int i = 0; i < 2; ++i) {
    watchers[i] = std::make_unique<CallingWatcher>([&](bool readable, bool) {
      if (!readable) return;
      ++calls;
      for (int j = 0; j < 2; ++j) {
        loop_->Update(pairs[j].watched.get(), false, false, watchers[j].get());
      }
      loop_->Stop();
    });
  }
  for (int i = 0; i < 2; ++i) {
    pairs[i].MakeReadable();
    loop_->Watch(pairs[i].watched.get(), true, false, watchers[i].get());
  }
  loop_->Run();
  EXPECT_EQ(calls, 1);
  for (int i = 0; i < 2; ++i) loop_->Unwatch(pairs[i].watched.get(), watchers[i].get());
}

TEST_P(WatchingEventLoopTest, AWatcherMayDestroyItself) {
  SocketPair pair;
  pair.MakeReadable();
  CallingWatcher* watcher = nullptr;
  watcher = new CallingWatcher([&](bool, bool) {
    loop_->Unwatch(pair.watched.get(), watcher);
    loop_->Stop();
    delete watcher;
  });
  loop_->Watch(pair.watched.get(), true, false, watcher);
  loop_->Run();
}

TEST_P(WatchingEventLoopTest, ServesMoreReadyDescriptorsThanOneBatchHolds) {
  constexpr int kDescriptors = 300;
  std::vector<SocketPair> pairs(kDescriptors);
  std::vector<std::unique_ptr<CallingWatcher>> watchers;
  int served = 0;
  for (SocketPair& pair : pairs) {
    pair.MakeReadable();
    watchers.push_back(std::make_unique<CallingWatcher>([&](bool, bool) {
      pair.TakeByte();
      if (++served == kDescriptors) loop_->Stop();
    }));
    loop_->Watch(pair.watched.get(), true, false, watchers.back().get());
  }
  loop_->Run();
  EXPECT_EQ(served, kDescriptors);
  for (int i = 0; i < kDescriptors; ++i) {
    loop_->Unwatch(pairs[i].watched.get(), watchers[i].get());
  }
}

TEST_P(WatchingEventLoopTest, ADescriptorMayBeWatchedAgain) {
  SocketPair pair;
  pair.MakeReadable();
  CallingWatcher watcher([&](bool, bool) {
    pair.TakeByte();
    loop_->Stop();
  });
  loop_->Watch(pair.watched.get(), true, false, &watcher);
  loop_->Unwatch(pair.watched.get(), &watcher);
  RunAWhile();
  loop_->Watch(pair.watched.get(), true, false, &watcher);
  loop_->Run();
  loop_->Unwatch(pair.watched.get(), &watcher);
}

INSTANTIATE_TEST_SUITE_P(Implementations, EventLoopTest, testing::ValuesIn(kImplementations),
                         [](const auto& info) { return info.param.name; });
INSTANTIATE_TEST_SUITE_P(Implementations, WatchingEventLoopTest,
                         testing::ValuesIn(kWatchingImplementations),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace ringcache::net

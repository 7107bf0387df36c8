#include "admin/service/quiet_thread.h"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

int NicenessOfThisThread() { return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())); }

bool IsBlocked(int signal) {
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  return sigismember(&mask, signal) == 1;
}

TEST(QuietThreadTest, ThreadsThatAreStartedThereAreQuiet) {
  int niceness = 0;
  int policy = 0;
  bool takes_no_signal = false;
  RunQuietly([&] {
    std::thread([&] {
      niceness = NicenessOfThisThread();
      policy = sched_getscheduler(0);
      takes_no_signal = IsBlocked(SIGTERM) && IsBlocked(SIGINT) && IsBlocked(SIGHUP);
    }).join();
  });
  EXPECT_GE(niceness, kQuietNiceness);
  EXPECT_EQ(policy, SCHED_BATCH);
  EXPECT_TRUE(takes_no_signal);
}

TEST(QuietThreadTest, TheCallersThreadStaysAsItIs) {
  const int niceness = NicenessOfThisThread();
  RunQuietly([] {});
  EXPECT_EQ(NicenessOfThisThread(), niceness);
  EXPECT_FALSE(IsBlocked(SIGTERM));
}

}  // namespace
}  // namespace ringcache::admin

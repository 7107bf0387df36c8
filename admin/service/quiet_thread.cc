#include "admin/service/quiet_thread.h"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

namespace ringcache::admin {
namespace {

// What cannot be had is not worth an error: the priority is a courtesy.
void BecomeQuiet() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  const auto self = static_cast<id_t>(gettid());
  // A process that was started with less priority keeps it.
  setpriority(PRIO_PROCESS, self, std::max(kQuietNiceness, getpriority(PRIO_PROCESS, self)));
  // Such a thread does not interrupt one that runs when it wakes up.
  const sched_param no_priority = {};
  if (sched_getscheduler(0) == SCHED_OTHER) sched_setscheduler(0, SCHED_BATCH, &no_priority);
}

}  // namespace

void RunQuietly(absl::FunctionRef<void()> function) {
  std::thread([function] {
    BecomeQuiet();
    function();
  }).join();
}

}  // namespace ringcache::admin

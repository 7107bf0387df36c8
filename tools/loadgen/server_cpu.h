// The CPU time that another process has spent, for CPU time per request.

#ifndef RINGCACHE_TOOLS_LOADGEN_SERVER_CPU_H_
#define RINGCACHE_TOOLS_LOADGEN_SERVER_CPU_H_

#include <time.h>

#include <cstdint>

#include "absl/status/statusor.h"
#include "tools/loadgen/load_worker.h"

namespace ringcache::loadgen {

struct CpuTime {
  // From the scheduler's nanosecond count (what /proc/PID/task/*/schedstat sums up, threads that
  // have ended included), exact but for the tick in progress: at most 4 ms of a busy thread.
  std::int64_t total_ns = 0;
  // From /proc/PID/stat, in ticks of 10 ms: how the total splits, roughly.
  std::int64_t user_ns = 0;
  std::int64_t system_ns = 0;
};

class ServerCpu final : public WindowObserver {
 public:
  // Fails if there is no such process.
  static absl::StatusOr<ServerCpu> Create(int pid);

  // What the process has spent so far; zeros once it is gone.
  CpuTime Read() const;

  void OnWindowStarted() override { at_start_ = Read(); }
  void OnWindowEnded() override { at_end_ = Read(); }
  // Spent in the measured window, which is over.
  CpuTime InWindow() const;

 private:
  ServerCpu(int pid, clockid_t clock) : pid_(pid), clock_(clock) {}

  int pid_;
  clockid_t clock_;
  CpuTime at_start_;
  CpuTime at_end_;
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_SERVER_CPU_H_

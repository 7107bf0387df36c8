// A few threads that answer calls, and a queue of bounded length before them: calls that would
// wait behind more are refused, so that a flood costs neither memory nor the threads that hear
// health checks.
//
// Thread safety: any thread; destroyed by one that is not of the pool.

#ifndef RINGCACHE_ADMIN_SERVICE_CALL_POOL_H_
#define RINGCACHE_ADMIN_SERVICE_CALL_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "net/mutex.h"

namespace ringcache::admin {

class CallPool {
 public:
  // Two, so that one call that waits for a worker does not hold up all others.
  static constexpr int kThreads = 2;
  // More than operators and dashboards ask at a time.
  static constexpr std::size_t kMaxWaiting = 64;

  CallPool();
  // Runs what waits.
  ~CallPool();
  CallPool(const CallPool&) = delete;
  CallPool& operator=(const CallPool&) = delete;

  // False if too many wait; then `call` is not run.
  [[nodiscard]] bool Run(std::function<void()> call);

 private:
  void Work();

  net::Mutex mutex_;
  net::CondVar changed_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_CALL_POOL_H_

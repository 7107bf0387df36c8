// Collects on a thread of its own: the threads of the HTTP library have 100 KiB of stack, and a
// backend may take more, as a latency histogram alone has 17 KiB.
//
// Thread safety: any thread may collect; one after the other has its turn.

#ifndef RINGCACHE_ADMIN_METRICS_COLLECTOR_THREAD_H_
#define RINGCACHE_ADMIN_METRICS_COLLECTOR_THREAD_H_

#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "net/mutex.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace ringcache::admin {

class CollectorThread : public prometheus::Collectable {
 public:
  // The thread takes priority and blocked signals from the caller's.
  explicit CollectorThread(std::unique_ptr<prometheus::Collectable> what);
  // REQUIRES: nobody collects.
  ~CollectorThread() override;

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  enum class Turn : std::uint8_t { kNobodys, kTheThreads, kTheCallers };

  void Run();

  const std::unique_ptr<prometheus::Collectable> what_;
  mutable net::Mutex mutex_;
  mutable net::CondVar changed_;
  mutable Turn turn_ ABSL_GUARDED_BY(mutex_) = Turn::kNobodys;
  mutable std::vector<prometheus::MetricFamily> families_ ABSL_GUARDED_BY(mutex_);
  bool ends_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // declared last: it uses all of the above
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_METRICS_COLLECTOR_THREAD_H_

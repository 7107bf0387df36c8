// Publishes how a worker fares, once a second, so that others look at what does not change.
//
// Ownership: `loop` outlives this. Thread safety: latest() from any thread; all else belongs to the
// loop's thread, or to whoever sets the loop up before it runs.

#ifndef RINGCACHE_ROUTER_STATS_SNAPSHOT_PUBLISHER_H_
#define RINGCACHE_ROUTER_STATS_SNAPSHOT_PUBLISHER_H_

#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "net/event_loop.h"
#include "net/mutex.h"
#include "router/stats/worker_snapshot.h"

namespace ringcache::router {

class SnapshotPublisher {
 public:
  // What is published is at most so old, unless the loop was busy for longer.
  static constexpr absl::Duration kPeriod = absl::Seconds(1);

  SnapshotPublisher(net::EventLoop* loop, std::function<WorkerSnapshot()> take);
  ~SnapshotPublisher();
  SnapshotPublisher(const SnapshotPublisher&) = delete;
  SnapshotPublisher& operator=(const SnapshotPublisher&) = delete;

  // Takes one now. On the loop's thread.
  void Publish();
  // Never null; empty before the first.
  std::shared_ptr<const WorkerSnapshot> latest() const;

 private:
  void PublishLater(absl::Duration delay);

  net::EventLoop& loop_;
  const std::function<WorkerSnapshot()> take_;
  net::EventLoop::TimerId timer_ = 0;
  mutable net::Mutex mutex_;
  std::shared_ptr<const WorkerSnapshot> latest_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_STATS_SNAPSHOT_PUBLISHER_H_

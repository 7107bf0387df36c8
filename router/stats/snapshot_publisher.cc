#include "router/stats/snapshot_publisher.h"

#include <utility>

namespace ringcache::router {

SnapshotPublisher::SnapshotPublisher(net::EventLoop* loop, std::function<WorkerSnapshot()> take)
    : loop_(*loop), take_(std::move(take)), latest_(std::make_shared<const WorkerSnapshot>()) {
  PublishLater(absl::ZeroDuration());
}

SnapshotPublisher::~SnapshotPublisher() { loop_.CancelTimer(timer_); }

void SnapshotPublisher::PublishLater(absl::Duration delay) {
  timer_ = loop_.RunAfter(delay, [this] {
    Publish();
    PublishLater(kPeriod);
  });
}

void SnapshotPublisher::Publish() {
  auto snapshot = std::make_shared<const WorkerSnapshot>(take_());
  // The old one goes after the lock.
  net::MutexLock lock(&mutex_);
  latest_.swap(snapshot);
}

std::shared_ptr<const WorkerSnapshot> SnapshotPublisher::latest() const {
  net::MutexLock lock(&mutex_);
  return latest_;
}

}  // namespace ringcache::router

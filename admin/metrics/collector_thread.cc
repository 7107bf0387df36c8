#include "admin/metrics/collector_thread.h"

#include <utility>

namespace ringcache::admin {

CollectorThread::CollectorThread(std::unique_ptr<prometheus::Collectable> what)
    : what_(std::move(what)), thread_([this] { Run(); }) {}

CollectorThread::~CollectorThread() {
  {
    net::MutexLock lock(&mutex_);
    ends_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
}

std::vector<prometheus::MetricFamily> CollectorThread::Collect() const {
  net::MutexLock lock(&mutex_);
  while (turn_ != Turn::kNobodys) changed_.Wait(&mutex_);
  turn_ = Turn::kTheThreads;
  changed_.NotifyAll();
  while (turn_ != Turn::kTheCallers) changed_.Wait(&mutex_);
  turn_ = Turn::kNobodys;
  changed_.NotifyAll();
  return std::exchange(families_, {});
}

void CollectorThread::Run() {
  mutex_.Lock();
  while (true) {
    while (turn_ != Turn::kTheThreads && !ends_) changed_.Wait(&mutex_);
    if (ends_) break;
    mutex_.Unlock();
    std::vector<prometheus::MetricFamily> families = what_->Collect();
    mutex_.Lock();
    families_ = std::move(families);
    turn_ = Turn::kTheCallers;
    changed_.NotifyAll();
  }
  mutex_.Unlock();
}

}  // namespace ringcache::admin

#include "admin/service/call_pool.h"

#include <utility>

namespace ringcache::admin {

CallPool::CallPool() {
  for (int i = 0; i < kThreads; ++i) threads_.emplace_back([this] { Work(); });
}

CallPool::~CallPool() {
  {
    net::MutexLock lock(&mutex_);
    closing_ = true;
    changed_.NotifyAll();
  }
  for (std::thread& thread : threads_) thread.join();
}

bool CallPool::Run(std::function<void()> call) {
  net::MutexLock lock(&mutex_);
  if (waiting_.size() == kMaxWaiting) return false;
  waiting_.push_back(std::move(call));
  changed_.NotifyOne();
  return true;
}

void CallPool::Work() {
  while (true) {
    std::function<void()> call;
    {
      net::MutexLock lock(&mutex_);
      while (waiting_.empty() && !closing_) changed_.Wait(&mutex_);
      if (waiting_.empty()) return;
      call = std::move(waiting_.front());
      waiting_.pop_front();
    }
    call();
  }
}

}  // namespace ringcache::admin

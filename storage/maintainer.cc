#include "storage/maintainer.h"

#include <pthread.h>

#include <algorithm>

namespace ringcache::storage {

Maintainer::~Maintainer() { Stop(); }

void Maintainer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Maintainer::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Maintainer::Run() {
  pthread_setname_np(pthread_self(), "rc-maintain");
  std::chrono::nanoseconds pause = kRest;
  while (Pause(pause)) {
    bool grows = false;
    while (store_.PopulateAhead()) grows = true;
    const auto begin = std::chrono::steady_clock::now();
    const bool more = store_.Maintain(now_());
    pause = more ? kPausePerStep * (std::chrono::steady_clock::now() - begin) : kRest;
    if (grows) pause = std::min<std::chrono::nanoseconds>(pause, kRestWhileGrowing);
  }
}

bool Maintainer::Pause(std::chrono::nanoseconds time) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, std::min(time, kRest), [this] { return stopping_; });
  return !stopping_;
}

}  // namespace ringcache::storage

#include "admin/service/ticker.h"

#include <utility>

namespace ringcache::admin {

Ticker::Ticker(std::size_t most) : most_(most), thread_([this] { Work(); }) {}

Ticker::~Ticker() {
  Close();
  thread_.join();
}

bool Ticker::Add(std::shared_ptr<Sleeper> sleeper) {
  net::MutexLock lock(&mutex_);
  if (closing_ || all_.size() >= most_) return false;
  all_.push_back(std::move(sleeper));
  if (all_.size() == 1) changed_.NotifyAll();
  return true;
}

void Ticker::Remove(const Sleeper* sleeper) {
  net::MutexLock lock(&mutex_);
  std::erase_if(all_, [sleeper](const auto& one) { return one.get() == sleeper; });
}

void Ticker::Close() {
  std::vector<std::shared_ptr<Sleeper>> all;
  {
    net::MutexLock lock(&mutex_);
    closing_ = true;
    all.swap(all_);
    changed_.NotifyAll();
  }
  for (const auto& one : all) one->Close();
}

void Ticker::Work() {
  while (true) {
    // Held here, none of them goes while it is ticked.
    std::vector<std::shared_ptr<Sleeper>> all;
    {
      net::MutexLock lock(&mutex_);
      while (all_.empty() && !closing_) changed_.Wait(&mutex_);
      if (!closing_) changed_.WaitFor(&mutex_, kPeriod);
      if (closing_) return;
      all = all_;
    }
    for (const auto& one : all) one->Tick();
  }
}

}  // namespace ringcache::admin

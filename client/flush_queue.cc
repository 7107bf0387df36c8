#include "client/flush_queue.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/time/time.h"

namespace ringcache::client {

FlushQueue::~FlushQueue() {
  if (timer_ != 0) loop_.CancelTimer(timer_);
}

void FlushQueue::Add(Entry* entry) {
  entries_.push_back(entry);
  if (timer_ != 0) return;
  if (on_first_) {
    if (entries_.size() == 1) on_first_();
    return;
  }
  timer_ = loop_.RunAfter(absl::ZeroDuration(), [this] {
    timer_ = 0;
    FlushAll();
  });
}

void FlushQueue::Remove(Entry* entry) {
  std::replace(entries_.begin(), entries_.end(), entry, static_cast<Entry*>(nullptr));
}

void FlushQueue::FlushAll() {
  if (timer_ != 0) loop_.CancelTimer(std::exchange(timer_, 0));
  // A flush adds nothing, but may remove.
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i] != nullptr) entries_[i]->Flush();
  }
  entries_.clear();
}

}  // namespace ringcache::client

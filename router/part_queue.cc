#include "router/part_queue.h"

#include <utility>

#include "client/outgoing_value.h"

namespace ringcache::router {

void PartQueue::Keep() {
  for (const absl::string_view bytes : lent_) {
    if (kept_.empty() || kept_.back().size() + bytes.size() > kBlockBytes) kept_.emplace_back();
    kept_.back().append(bytes.data(), bytes.size());
    kept_bytes_ += bytes.size();
  }
  lent_.clear();
}

void PartQueue::MoveTo(OutputBuffer* output) {
  while (!kept_.empty() && !output->full()) {
    begun_ = true;
    kept_bytes_ -= kept_.front().size();
    output->Append(client::OutgoingValue::Owned(std::move(kept_.front())));
    kept_.pop_front();
  }
  if (!kept_.empty()) return;
  std::size_t moved = 0;
  while (moved < lent_.size() && !output->full()) {
    begun_ = true;
    output->Append(lent_[moved++]);
  }
  lent_.erase(lent_.begin(), lent_.begin() + static_cast<std::ptrdiff_t>(moved));
}

void PartQueue::Clear() {
  kept_.clear();
  lent_.clear();
  kept_bytes_ = 0;
}

}  // namespace ringcache::router

#include "storage/eviction/node_queue.h"

#include <algorithm>

namespace ringcache::storage {
namespace {

constexpr std::size_t kStampMask = (1 << EvictionNode::kStampBits) - 1;
// Places that are looked at for the next few nodes.
constexpr std::size_t kLeastLooks = 1024;

}  // namespace

bool NodeQueue::Stands(std::size_t place) const {
  if (!chunks_.Has(places_[place])) return false;
  const EvictionNode& node = nodes_[places_[place]];
  return node.queue() == queue_ && node.stamp() == ((first_ + place) & kStampMask);
}

void NodeQueue::PushBack(ItemHandle handle) {
  ClearLeftPlaces();
  Append(handle);
  ++size_;
}

void NodeQueue::Append(ItemHandle handle) {
  const std::size_t number = first_ + places_.size();
  nodes_[handle].SetQueue(queue_, static_cast<unsigned>(number & kStampMask));
  places_.push_back(handle);
}

void NodeQueue::Remove(ItemHandle handle) {
  nodes_[handle].SetQueue(EvictionNode::kNoQueue);
  --size_;
  ClearLeftPlaces();
}

void NodeQueue::PopFront() {
  nodes_[places_.front()].SetQueue(EvictionNode::kNoQueue);
  places_.pop_front();
  ++first_;
  --size_;
  ClearLeftPlaces();
}

void NodeQueue::ClearLeftPlaces() {
  // Two at a time outrun the one that a push or a removal adds.
  for (int i = 0; i < 2 && places_.size() > 2 * size_ + kLeftPlacesKept; ++i) {
    const ItemHandle handle = places_.front();
    const bool stands = Stands(0);
    places_.pop_front();
    ++first_;
    // A node among so many that left early has waited long enough to be worth another round.
    if (stands) Append(handle);
  }
}

ItemHandle NodeQueue::Front(std::size_t max_left_places) {
  for (; !places_.empty() && max_left_places > 0; --max_left_places) {
    if (Stands(0)) return places_.front();
    places_.pop_front();
    ++first_;
  }
  return kNoItem;
}

std::size_t NodeQueue::Next(absl::Span<ItemHandle> next) {
  const std::size_t max_looks = std::max(next.size(), kLeastLooks);
  // Left places may be many where pages were given away; those that go now do not come back.
  constexpr std::size_t kMaxLeftPlaces = 8192;
  Front(std::max(max_looks, kMaxLeftPlaces));
  std::size_t found = 0;
  for (std::size_t place = 0; place < std::min(places_.size(), max_looks); ++place) {
    if (found == next.size()) break;
    if (Stands(place)) next[found++] = places_[place];
  }
  return found;
}

std::size_t NodeQueue::Walk(std::size_t* place, bool* ended, absl::Span<ItemHandle> nodes) const {
  std::size_t found = 0;
  *place = std::max(*place, first_);
  const std::size_t end = first_ + places_.size();
  for (std::size_t i = 0; i < nodes.size() && *place < end; ++i, ++*place) {
    if (Stands(*place - first_)) nodes[found++] = places_[*place - first_];
  }
  *ended = *place >= end;
  return found;
}

}  // namespace ringcache::storage

#include "storage/s3_fifo_policy.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace ringcache::storage {
namespace {

constexpr std::size_t kLeastGhosts = 1024;

}  // namespace

S3FifoPolicy::S3FifoPolicy(NodeMap nodes)
    : nodes_(nodes),
      small_(nodes, EvictionNode::kProbationQueue),
      main_(nodes, EvictionNode::kMainQueue) {}

void S3FifoPolicy::Insert(ItemHandle handle, std::uint64_t hash, Arrival arrival) {
  const bool to_main = arrival == Arrival::kProtected || ghosts_.Take(hash);
  (to_main ? main_ : small_).PushBack(handle);
}

void S3FifoPolicy::Remove(ItemHandle handle) {
  const bool in_small =
      nodes_[handle].queue.load(std::memory_order_relaxed) == EvictionNode::kProbationQueue;
  (in_small ? small_ : main_).Remove(handle);
}

ItemHandle S3FifoPolicy::Victim() {
  for (int move = 0; move < kMaxMoves; ++move) {
    const std::size_t total = small_.size() + main_.size();
    const bool from_small = main_.front() == kNoItem || small_.size() * kSmallShare > total;
    NodeQueue& queue = from_small ? small_ : main_;
    const ItemHandle front = queue.front();
    if (front == kNoItem) return kNoItem;
    EvictionNode& node = nodes_[front];
    const int uses = node.uses();
    if (uses < (from_small ? kPromotionUses : 1)) return front;
    queue.Remove(front);
    node.SetUses(from_small ? 0 : uses - 1);
    main_.PushBack(front);
    ++(from_small ? promotions_ : second_chances_);
  }
  return main_.front() != kNoItem ? main_.front() : small_.front();
}

void S3FifoPolicy::RememberEvicted(std::uint64_t hash, bool was_probation) {
  if (!was_probation) return;
  // As many ghosts as there are nodes. As many as the main queue has, as the paper says, starve it
  // where it starts small: few keys come back in time, so it stays small.
  ghosts_.GrowTo(std::max(small_.size() + main_.size(), kLeastGhosts));
  ghosts_.Put(hash);
}

EvictionPolicy::Counts S3FifoPolicy::counts() const {
  return {small_.size(), main_.size(), promotions_, second_chances_};
}

}  // namespace ringcache::storage

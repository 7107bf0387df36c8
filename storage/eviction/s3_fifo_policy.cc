#include "storage/eviction/s3_fifo_policy.h"

#include <algorithm>

namespace ringcache::storage {
namespace {

constexpr std::size_t kLeastGhosts = 1024;

}  // namespace

void S3FifoPolicy::EnterMain(ItemHandle handle) {
  nodes_[handle].SetQueue(EvictionNode::kMainQueue);
  ++main_size_;
}

void S3FifoPolicy::Insert(ItemHandle handle, std::uint64_t hash, Arrival arrival) {
  if (arrival == Arrival::kProtected || ghosts_.Take(hash)) {
    EnterMain(handle);
  } else {
    small_.PushBack(handle);
  }
}

void S3FifoPolicy::Remove(ItemHandle handle) {
  main_was_spared_ = false;
  if (nodes_[handle].queue() == EvictionNode::kProbationQueue) {
    small_.Remove(handle);
  } else {
    nodes_[handle].SetQueue(EvictionNode::kNoQueue);
    --main_size_;
  }
}

ItemHandle S3FifoPolicy::MainFrom(ClockHand& hand, int& passes) const {
  for (; passes > 0; --passes, ++hand.slot) {
    const ItemHandle handle = chunks_.At(hand);
    if (handle == kNoItem || nodes_[handle].queue() == EvictionNode::kMainQueue) return handle;
  }
  return kNoItem;
}

bool S3FifoPolicy::SmallGoesFirst() const {
  if (main_size_ == 0) return true;
  if (small_.size() == 0) return false;
  return main_was_spared_ || small_.size() * kSmallShare > small_.size() + main_size_;
}

ItemHandle S3FifoPolicy::Victim() {
  int passes = kMaxPasses;
  for (int move = 0; move < kMaxMoves; ++move) {
    if (SmallGoesFirst()) {
      const ItemHandle front = small_.Front(kMaxPasses);
      if (front == kNoItem) break;
      EvictionNode& node = nodes_[front];
      if (node.uses() < kPromotionUses) return front;
      small_.Remove(front);
      node.SetUses(0);
      EnterMain(front);
      ++promotions_;
    } else {
      const ItemHandle at = MainFrom(hand_, passes);
      if (at == kNoItem) break;
      EvictionNode& node = nodes_[at];
      const int uses = node.uses();
      if (uses == 0) return at;
      node.SetUses(uses - 1);
      ++hand_.slot;
      ++second_chances_;
    }
  }
  const ItemHandle at = main_size_ > 0 ? MainFrom(hand_, passes) : kNoItem;
  return at != kNoItem ? at : small_.Front(kMaxPasses);
}

void S3FifoPolicy::Spare(ItemHandle victim) {
  main_was_spared_ = nodes_[victim].queue() == EvictionNode::kMainQueue;
  if (main_was_spared_) {
    ++hand_.slot;
  } else {
    small_.Remove(victim);
    EnterMain(victim);
  }
}

void S3FifoPolicy::RememberEvicted(std::uint64_t hash, bool was_probation) {
  if (!was_probation) return;
  // As many ghosts as there are nodes. As many as the main queue has, as the paper says, starve it
  // where it starts small: few keys come back in time, so it stays small.
  const std::size_t wanted = std::max(small_.size() + main_size_, kLeastGhosts);
  ghosts_.GrowTo(wanted);
  // A class that lost pages gives back what it will not need soon.
  ghosts_.ShrinkTo(2 * wanted);
  ghosts_.Put(hash);
}

EvictionPolicy::Counts S3FifoPolicy::counts() const {
  return {small_.size(), main_size_, promotions_, second_chances_};
}

std::size_t S3FifoPolicy::Next(EvictionNode::Queue queue, absl::Span<ItemHandle> next) {
  if (queue == EvictionNode::kProbationQueue) return small_.Next(next);
  std::size_t found = 0;
  ClockHand hand = hand_;
  int passes = kMaxPasses;
  while (found < std::min(next.size(), main_size_)) {
    next[found] = MainFrom(hand, passes);
    if (next[found] == kNoItem) break;
    ++found;
    ++hand.slot;
  }
  return found;
}

std::size_t S3FifoPolicy::WalkProbation(Walk& walk, absl::Span<ItemHandle> nodes) const {
  bool ended = false;
  const std::size_t found = small_.Walk(&walk.place, &ended, nodes);
  if (ended) walk.state = Walk::State::kEnded;
  return found;
}

}  // namespace ringcache::storage

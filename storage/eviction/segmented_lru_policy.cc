#include "storage/eviction/segmented_lru_policy.h"

namespace ringcache::storage {
namespace {

// The first node of the queue, within `passes` left places, of which it takes off those that it
// passed over; kNoItem if there is none.
ItemHandle FrontWithin(NodeQueue& queue, std::size_t& passes) {
  const std::size_t places_before = queue.places();
  const ItemHandle front = queue.Front(passes + 1);
  const std::size_t passed = places_before - queue.places();
  passes = passed < passes ? passes - passed : 0;
  return front;
}

}  // namespace

NodeQueue& SegmentedLruPolicy::QueueOf(ItemHandle handle) {
  const bool probation = nodes_[handle].queue() == EvictionNode::kProbationQueue;
  return probation ? probation_ : protected_;
}

void SegmentedLruPolicy::Insert(ItemHandle handle, std::uint64_t, Arrival arrival) {
  (arrival == Arrival::kProtected ? protected_ : probation_).PushBack(handle);
}

void SegmentedLruPolicy::Remove(ItemHandle handle) { QueueOf(handle).Remove(handle); }

bool SegmentedLruPolicy::ProtectedIsTooLarge() const {
  const std::size_t nodes = probation_.size() + protected_.size();
  return protected_.size() * kWholeShare > nodes * kProtectedShare;
}

void SegmentedLruPolicy::LowerFrontOfProtected(ItemHandle front) {
  protected_.PopFront();
  EvictionNode& node = nodes_[front];
  if (node.uses() == 0) {
    probation_.PushBack(front);
    return;
  }
  node.SetUses(0);
  protected_.PushBack(front);
  ++second_chances_;
}

ItemHandle SegmentedLruPolicy::Victim() {
  std::size_t probation_passes = kMaxPasses;
  std::size_t protected_passes = kMaxPasses;
  for (int move = 0; move < kMaxMoves; ++move) {
    if (ProtectedIsTooLarge()) {
      const ItemHandle front = FrontWithin(protected_, protected_passes);
      if (front == kNoItem) break;
      LowerFrontOfProtected(front);
    } else {
      const ItemHandle front = FrontWithin(probation_, probation_passes);
      if (front == kNoItem) break;
      EvictionNode& node = nodes_[front];
      if (node.uses() == 0) return front;
      probation_.PopFront();
      node.SetUses(0);
      protected_.PushBack(front);
      ++promotions_;
    }
  }
  const ItemHandle front = FrontWithin(probation_, probation_passes);
  return front != kNoItem ? front : FrontWithin(protected_, protected_passes);
}

void SegmentedLruPolicy::Spare(ItemHandle victim) {
  // Victim just returned it: it is the first of its queue.
  QueueOf(victim).PopFront();
  protected_.PushBack(victim);
}

EvictionPolicy::Counts SegmentedLruPolicy::counts() const {
  return {probation_.size(), protected_.size(), promotions_, second_chances_};
}

std::size_t SegmentedLruPolicy::Next(EvictionNode::Queue queue, absl::Span<ItemHandle> next) {
  return (queue == EvictionNode::kProbationQueue ? probation_ : protected_).Next(next);
}

}  // namespace ringcache::storage

// Segmented LRU: new nodes enter a probation queue; one that was used there goes on to the back of
// a protected queue, which holds four fifths of the nodes at most; what that has too many goes back
// to probation. What reaches the front of probation unused leaves.
//
// A hit moves no node: both queues are first-in first-out, and a node's uses are looked at when it
// is in front ("lazy promotion"). Source: Karedla, Love, Wherry, "Caching strategies to improve
// disk system performance", IEEE Computer 27(3), 1994. Thread safety: none, as EvictionPolicy.

#ifndef RINGCACHE_STORAGE_EVICTION_SEGMENTED_LRU_POLICY_H_
#define RINGCACHE_STORAGE_EVICTION_SEGMENTED_LRU_POLICY_H_

#include <cstddef>
#include <cstdint>

#include "storage/eviction/chunk_order.h"
#include "storage/eviction/eviction_policy.h"
#include "storage/eviction/node_queue.h"

namespace ringcache::storage {

class SegmentedLruPolicy : public EvictionPolicy {
 public:
  // `chunks` outlives the policy.
  SegmentedLruPolicy(NodeMap nodes, const ChunkOrder* chunks)
      : nodes_(nodes),
        probation_(nodes, chunks, EvictionNode::kProbationQueue),
        protected_(nodes, chunks, EvictionNode::kMainQueue) {}

  void Insert(ItemHandle handle, std::uint64_t hash, Arrival arrival) override;
  void Remove(ItemHandle handle) override;
  ItemHandle Victim() override;
  void Spare(ItemHandle victim) override;
  // What was evicted is forgotten: there are no ghosts.
  void RememberEvicted(std::uint64_t, bool) override {}
  Counts counts() const override;
  EvictionNode::Queue leaving_queue() const override { return EvictionNode::kProbationQueue; }
  std::size_t Next(EvictionNode::Queue queue, absl::Span<ItemHandle> next) override;
  std::size_t bytes() const override { return probation_.bytes() + protected_.bytes(); }

 private:
  // Share of the nodes that the protected queue may hold, 4/5, as in the paper.
  static constexpr std::size_t kProtectedShare = 4;
  static constexpr std::size_t kWholeShare = 5;
  // Nodes that one call may move before it takes whatever is in front: bounds its time.
  static constexpr int kMaxMoves = 64;
  // Left places that one call may pass over, in each queue, in search of a node.
  static constexpr std::size_t kMaxPasses = 2048;

  NodeQueue& QueueOf(ItemHandle handle);
  bool ProtectedIsTooLarge() const;
  // The node in front of the protected queue stays there for another round if it was used.
  void LowerFrontOfProtected(ItemHandle front);

  NodeMap nodes_;
  NodeQueue probation_;
  NodeQueue protected_;
  std::uint64_t promotions_ = 0;
  std::uint64_t second_chances_ = 0;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_EVICTION_SEGMENTED_LRU_POLICY_H_

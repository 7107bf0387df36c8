// S3-FIFO: new nodes pass a small first-in first-out queue; those used there go on to the main
// queue, the others leave, remembered for a while by a ghost of their hash; a key that comes back
// while remembered goes to the main queue at once. In the main queue, each use buys a node one more
// round.
//
// The main queue is a clock's hand that goes round the chunks of the size class: nodes need no
// links, and come in wherever their chunk is; on average that costs nothing (docs/storage.md).
//
// Source: Yang, Zhang, Qiu, Yue, Rashmi, "FIFO queues are all you need for cache eviction",
// SOSP'23. Thread safety: none, as EvictionPolicy.

#ifndef RINGCACHE_STORAGE_EVICTION_S3_FIFO_POLICY_H_
#define RINGCACHE_STORAGE_EVICTION_S3_FIFO_POLICY_H_

#include <cstddef>
#include <cstdint>

#include "storage/eviction/chunk_order.h"
#include "storage/eviction/eviction_policy.h"
#include "storage/eviction/ghost_filter.h"
#include "storage/eviction/node_queue.h"

namespace ringcache::storage {

class S3FifoPolicy : public EvictionPolicy {
 public:
  // `chunks` outlives the policy.
  S3FifoPolicy(NodeMap nodes, const ChunkOrder* chunks)
      : nodes_(nodes), chunks_(*chunks), small_(nodes, chunks, EvictionNode::kProbationQueue) {}

  void Insert(ItemHandle handle, std::uint64_t hash, Arrival arrival) override;
  void Remove(ItemHandle handle) override;
  ItemHandle Victim() override;
  void Spare(ItemHandle victim) override;
  void RememberEvicted(std::uint64_t hash, bool was_probation) override;
  Counts counts() const override;
  // What is next in the small queue is young in any class.
  EvictionNode::Queue leaving_queue() const override { return EvictionNode::kMainQueue; }
  std::size_t Next(EvictionNode::Queue queue, absl::Span<ItemHandle> next) override;
  std::size_t WalkProbation(Walk& walk, absl::Span<ItemHandle> nodes) const override;
  std::size_t bytes() const override { return small_.bytes() + ghosts_.bytes(); }

 private:
  // Share of the nodes that the small queue may hold before its front goes first, 1/10.
  static constexpr std::size_t kSmallShare = 10;
  // Uses in the small queue that earn a place in the main queue. The paper's 2 costs 0.8 points of
  // hit ratio on a Zipf trace and gains 0.3 when scans pass through (docs/storage.md).
  static constexpr int kPromotionUses = 1;
  // Nodes that one call may move before it takes whatever is in front: bounds its time.
  static constexpr int kMaxMoves = 64;
  // Chunks, and left places, that one call may pass over in search of a node.
  static constexpr int kMaxPasses = 2048;

  bool SmallGoesFirst() const;
  // The node of the main queue at or after `hand`, which goes there, within `passes` chunks, of
  // which it takes off what it used; kNoItem if there is none.
  ItemHandle MainFrom(ClockHand& hand, int& passes) const;
  void EnterMain(ItemHandle handle);

  NodeMap nodes_;
  const ChunkOrder& chunks_;
  NodeQueue small_;
  ClockHand hand_;
  std::size_t main_size_ = 0;
  bool main_was_spared_ = false;  // so the small queue is asked next, however small
  GhostFilter ghosts_;
  std::uint64_t promotions_ = 0;
  std::uint64_t second_chances_ = 0;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_EVICTION_S3_FIFO_POLICY_H_

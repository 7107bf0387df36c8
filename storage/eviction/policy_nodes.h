// Nodes without items, and chunks without pages, for the tests of eviction policies.
//
// Thread safety: none.

#ifndef RINGCACHE_STORAGE_EVICTION_POLICY_NODES_H_
#define RINGCACHE_STORAGE_EVICTION_POLICY_NODES_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "storage/eviction/chunk_order.h"
#include "storage/eviction/eviction_node.h"

namespace ringcache::storage {

class PolicyNodes : public ChunkOrder {
 public:
  // Nodes with the handles 1 .. count, which lie in memory in this order. Some fill a page.
  explicit PolicyNodes(std::size_t count)
      : nodes_(std::make_unique<PaddedNode[]>(count)), count_(count), gone_(count + 1) {}

  NodeMap map() const { return {reinterpret_cast<char*>(nodes_.get()), kShift}; }
  EvictionNode& operator[](ItemHandle handle) const { return map()[handle]; }
  // As an item starts: in no queue, never used.
  void Reset(ItemHandle handle) const {
    (*this)[handle].SetQueue(EvictionNode::kNoQueue);
    (*this)[handle].usage.store(0);
  }
  // From now on the chunk belongs to another size class: `Has` says no. REQUIRES: the node is in no
  // queue.
  void GiveAway(ItemHandle handle) { gone_[handle] = true; }

  ItemHandle At(ClockHand& hand) const override {
    ++looks_;
    if (hand.slot >= kNodesPerPage) hand = {hand.page + 1, 0};
    if (hand.page * kNodesPerPage + hand.slot >= count_) hand = {};
    return count_ == 0 ? kNoItem : hand.page * kNodesPerPage + hand.slot + 1;
  }
  bool Has(ItemHandle handle) const override { return !gone_[handle]; }
  // How often a hand asked for a chunk.
  std::size_t looks() const { return looks_; }

 private:
  static constexpr int kShift = 4;
  static constexpr ItemHandle kNodesPerPage = 64;
  struct alignas(1 << kShift) PaddedNode : EvictionNode {};

  std::unique_ptr<PaddedNode[]> nodes_;
  std::size_t count_;
  std::vector<bool> gone_;
  mutable std::size_t looks_ = 0;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_EVICTION_POLICY_NODES_H_

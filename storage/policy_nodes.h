// Nodes without items, for the tests of eviction policies.
//
// Thread safety: none.

#ifndef RINGCACHE_STORAGE_POLICY_NODES_H_
#define RINGCACHE_STORAGE_POLICY_NODES_H_

#include <cstddef>
#include <memory>

#include "storage/eviction_node.h"

namespace ringcache::storage {

class PolicyNodes {
 public:
  // Nodes with the handles 1 .. count.
  explicit PolicyNodes(std::size_t count) : nodes_(std::make_unique<PaddedNode[]>(count)) {}

  NodeMap map() const { return {reinterpret_cast<char*>(nodes_.get()), kShift}; }
  EvictionNode& operator[](ItemHandle handle) const { return map()[handle]; }
  // As an item starts: in no queue, never used.
  void Reset(ItemHandle handle) const {
    (*this)[handle].queue.store(EvictionNode::kNoQueue);
    (*this)[handle].usage.store(0);
  }

 private:
  static constexpr int kShift = 4;
  struct alignas(1 << kShift) PaddedNode : EvictionNode {};
  std::unique_ptr<PaddedNode[]> nodes_;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_POLICY_NODES_H_

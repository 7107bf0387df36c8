// A first-in first-out queue of eviction nodes, linked through the nodes themselves.
//
// Thread safety: none; guarded by the lock that guards the nodes' links.

#ifndef RINGCACHE_STORAGE_NODE_QUEUE_H_
#define RINGCACHE_STORAGE_NODE_QUEUE_H_

#include <cstddef>
#include <cstdint>

#include "storage/eviction_node.h"

namespace ringcache::storage {

class NodeQueue {
 public:
  // `id` is written to the nodes' `queue` field. REQUIRES: not EvictionNode::kNoQueue.
  NodeQueue(NodeMap nodes, std::uint8_t id) : nodes_(nodes), id_(id) {}

  void PushBack(ItemHandle handle) {
    EvictionNode& node = nodes_[handle];
    node.next = kNoItem;
    node.previous = back_;
    (back_ == kNoItem ? front_ : nodes_[back_].next) = handle;
    back_ = handle;
    // Relaxed: a hint to readers without the lock (see Store::Link).
    node.queue.store(id_, std::memory_order_relaxed);
    ++size_;
  }

  // REQUIRES: the node is in this queue.
  void Remove(ItemHandle handle) {
    EvictionNode& node = nodes_[handle];
    (node.previous == kNoItem ? front_ : nodes_[node.previous].next) = node.next;
    (node.next == kNoItem ? back_ : nodes_[node.next].previous) = node.previous;
    node.queue.store(EvictionNode::kNoQueue, std::memory_order_relaxed);
    --size_;
  }

  ItemHandle front() const { return front_; }
  std::size_t size() const { return size_; }
  std::uint8_t id() const { return id_; }

 private:
  NodeMap nodes_;
  ItemHandle front_ = kNoItem;
  ItemHandle back_ = kNoItem;
  std::size_t size_ = 0;
  std::uint8_t id_;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_NODE_QUEUE_H_

// A first-in first-out queue of an eviction policy's nodes that keeps the order in a list of its
// own, 4 bytes a node: nodes need no links. A node that leaves early leaves its place behind, which
// is passed over later.
//
// A place is told from a newer one of the same node by the node's stamp: the place's number modulo
// 32. A left place that fits by chance lets a node reach the front early, which does no harm.
//
// Thread safety: none; guarded by the size class's lock.

#ifndef RINGCACHE_STORAGE_EVICTION_NODE_QUEUE_H_
#define RINGCACHE_STORAGE_EVICTION_NODE_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <deque>

#include "absl/types/span.h"
#include "storage/eviction/chunk_order.h"
#include "storage/eviction/eviction_node.h"

namespace ringcache::storage {

class NodeQueue {
 public:
  // `queue` is what its nodes say of where they are. `chunks` says what is still there: places of
  // nodes whose page has gone are left ones, too. It outlives the queue.
  NodeQueue(NodeMap nodes, const ChunkOrder* chunks, EvictionNode::Queue queue)
      : nodes_(nodes), chunks_(*chunks), queue_(queue) {}

  // REQUIRES: the node is in no queue.
  void PushBack(ItemHandle handle);
  // Takes a node out, wherever it is. REQUIRES: it is in this queue.
  void Remove(ItemHandle handle);
  // kNoItem if empty, or if there were as many left places before it. Those do not count next time.
  ItemHandle Front(std::size_t max_left_places = ~std::size_t{0});
  // Takes out the first node and its place, so that the node stands nowhere early when it comes
  // back. REQUIRES: Front just returned a node.
  void PopFront();
  // Up to next.size() of the first nodes; returns how many. One may come twice. Looks at as many
  // places, or 1024 if that is more.
  std::size_t Next(absl::Span<ItemHandle> next);
  // Looks at up to nodes.size() places from number `*place` on, which becomes that of the next to
  // look at; returns how many nodes it found. `*ended`: there are no further places. A node that
  // waits all the time is found by a walk from 0 to the end: what is put back goes to the end.
  std::size_t Walk(std::size_t* place, bool* ended, absl::Span<ItemHandle> nodes) const;
  std::size_t size() const { return size_; }
  // Places, of which some may be left ones.
  std::size_t places() const { return places_.size(); }
  std::size_t bytes() const { return places_.size() * sizeof(ItemHandle); }

 private:
  // Left places are cleared away when there are more of them than nodes and this many.
  static constexpr std::size_t kLeftPlacesKept = 256;

  bool Stands(std::size_t place) const;
  // Gives the node a place at the back, whatever it was before.
  void Append(ItemHandle handle);
  void ClearLeftPlaces();

  NodeMap nodes_;
  const ChunkOrder& chunks_;
  const EvictionNode::Queue queue_;
  std::deque<ItemHandle> places_;
  std::size_t first_ = 0;  // number of the first place
  std::size_t size_ = 0;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_EVICTION_NODE_QUEUE_H_

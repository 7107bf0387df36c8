// Which item of a size class goes when room is needed. A policy orders the nodes it was told of; it
// knows neither keys nor what is in the memory.
//
// Implementations pass one test suite, eviction_policy_test.cc.
//
// Thread safety: none; the owner holds its size class's lock around each call.

#ifndef RINGCACHE_STORAGE_EVICTION_EVICTION_POLICY_H_
#define RINGCACHE_STORAGE_EVICTION_EVICTION_POLICY_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "storage/eviction/eviction_node.h"

namespace ringcache::storage {

// Where a new item comes from.
enum class Arrival : std::uint8_t {
  kNew,        // a key that was not present
  kProtected,  // takes the place of an item that had proved useful
};

class EvictionPolicy {
 public:
  struct Counts {
    std::size_t probation = 0;         // nodes that have yet to prove useful
    std::size_t main = 0;              // nodes that have
    std::uint64_t promotions = 0;      // from probation to main, since the start
    std::uint64_t second_chances = 0;  // kept at the eviction end of main, since the start
  };

  virtual ~EvictionPolicy() = default;

  // Takes in a node. `hash` identifies its key to the policy's memory of evicted ones.
  // REQUIRES: the node is in no queue of this policy.
  virtual void Insert(ItemHandle handle, std::uint64_t hash, Arrival arrival) = 0;

  // Forgets a node; it is in kNoQueue then. REQUIRES: it is in a queue of this policy.
  virtual void Remove(ItemHandle handle) = 0;

  // The node to evict next, still in its queue; kNoItem if there is none, or if it is so far away
  // that another call shall go on looking. May reorder others.
  // The caller Removes it, and tells RememberEvicted if it was evicted for space; or Spares it.
  virtual ItemHandle Victim() = 0;
  // The victim must stay: others come first. REQUIRES: it is what Victim just returned.
  virtual void Spare(ItemHandle victim) = 0;
  virtual void RememberEvicted(std::uint64_t hash, bool was_probation) = 0;

  virtual Counts counts() const = 0;
  // The queue whose next nodes tell how long what leaves has not been used.
  virtual EvictionNode::Queue leaving_queue() const = 0;
  // Up to next.size() nodes that are to leave probation or main soon, in that order; returns how
  // many. No node moves for it.
  virtual std::size_t Next(EvictionNode::Queue queue, absl::Span<ItemHandle> next) = 0;

  // A walk over all of probation in the order in which its nodes are to leave.
  struct Walk {
    enum class State : std::uint8_t { kGoesOn, kEnded, kNoOrder };
    std::size_t place = 0;
    State state = State::kGoesOn;
  };
  // Looks at up to nodes.size() places and returns how many nodes it found there. Whatever happens
  // between the calls, a node that is on probation from the first call until the walk has ended is
  // found. kNoOrder: the policy cannot tell, or nodes go back from main to probation.
  virtual std::size_t WalkProbation(Walk& walk, absl::Span<ItemHandle>) const {
    walk.state = Walk::State::kNoOrder;
    return 0;
  }
  // Memory that the policy takes beside the nodes.
  virtual std::size_t bytes() const = 0;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_EVICTION_EVICTION_POLICY_H_

#include "tools/trace/reference_policies.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace ringcache::trace {
namespace {

// A doubly linked list through an array, one node per key and one, the last, for both ends.
class LruList {
 public:
  LruList(std::uint64_t keys, std::uint64_t capacity)
      : nodes_(keys + 1), end_(static_cast<std::uint32_t>(keys)), capacity_(capacity) {
    nodes_[end_] = {end_, end_};
    for (std::uint64_t key = 0; key < keys; ++key) nodes_[key].next = kAbsent;
  }

  bool Has(std::uint32_t key) const { return nodes_[key].next != kAbsent; }

  // Makes the key the latest used; evicts the earliest if there is no room.
  void Use(std::uint32_t key) {
    Remove(key);
    if (size_ == capacity_) Remove(nodes_[end_].previous);
    const std::uint32_t first = nodes_[end_].next;
    nodes_[key] = {end_, first};
    nodes_[first].previous = key;
    nodes_[end_].next = key;
    ++size_;
  }

  void Remove(std::uint32_t key) {
    if (!Has(key)) return;
    const Node node = nodes_[key];
    nodes_[node.previous].next = node.next;
    nodes_[node.next].previous = node.previous;
    nodes_[key].next = kAbsent;
    --size_;
  }

 private:
  struct Node {
    std::uint32_t previous = 0;
    std::uint32_t next = 0;
  };
  static constexpr std::uint32_t kAbsent = ~std::uint32_t{0};

  std::vector<Node> nodes_;
  const std::uint32_t end_;
  const std::uint64_t capacity_;
  std::uint64_t size_ = 0;
};

}  // namespace

HitCounts SimulateLru(const TraceCensus& census, std::uint64_t capacity) {
  HitCounts counts;
  LruList list(census.keys(), capacity);
  const std::uint64_t half = census.requests() / 2;
  for (std::uint64_t i = 0; i < census.requests(); ++i) {
    const std::uint32_t key = census.KeyAt(i);
    switch (census.OperationAt(i)) {
      case TraceOperation::kRead:
        counts.Add(list.Has(key), i >= half);
        list.Use(key);
        break;
      case TraceOperation::kSet:
        list.Use(key);
        break;
      case TraceOperation::kAdd:
        if (!list.Has(key)) list.Use(key);
        break;
      case TraceOperation::kReplace:
        if (list.Has(key)) list.Use(key);
        break;
      case TraceOperation::kDelete:
        list.Remove(key);
        break;
    }
  }
  return counts;
}

HitCounts StaticOptimum(const TraceCensus& census, std::uint64_t capacity) {
  std::vector<std::uint32_t> reads(census.keys(), 0);
  for (std::uint64_t i = 0; i < census.requests(); ++i) {
    if (census.OperationAt(i) == TraceOperation::kRead) ++reads[census.KeyAt(i)];
  }
  std::vector<std::uint32_t> order(census.keys());
  std::iota(order.begin(), order.end(), 0);
  const std::uint64_t held = std::min<std::uint64_t>(capacity, order.size());
  // Keys of equal reads: those that came first, so that the result is the same everywhere.
  std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(held), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) {
                     return reads[a] != reads[b] ? reads[a] > reads[b] : a < b;
                   });
  std::vector<bool> is_held(census.keys(), false);
  for (std::uint64_t i = 0; i < held; ++i) is_held[order[i]] = true;
  HitCounts counts;
  const std::uint64_t half = census.requests() / 2;
  for (std::uint64_t i = 0; i < census.requests(); ++i) {
    if (census.OperationAt(i) != TraceOperation::kRead) continue;
    counts.Add(is_held[census.KeyAt(i)], i >= half);
  }
  return counts;
}

}  // namespace ringcache::trace

// S3-FIFO and segmented LRU against plain FIFO and LRU on the same traces.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <list>
#include <random>
#include <unordered_map>
#include <vector>

#include "gtest/gtest.h"
#include "storage/eviction/policy_nodes.h"
#include "storage/eviction/s3_fifo_policy.h"
#include "storage/eviction/segmented_lru_policy.h"

namespace ringcache::storage {
namespace {

using Trace = std::vector<std::uint32_t>;

// Keys 1 .. `keys`, the n-th asked for in proportion to 1 / n^skew.
Trace Zipf(std::uint32_t keys, double skew, std::size_t requests, std::mt19937& random) {
  std::vector<double> weights;
  for (std::uint32_t key = 1; key <= keys; ++key) weights.push_back(std::pow(key, -skew));
  std::discrete_distribution<std::uint32_t> pick(weights.begin(), weights.end());
  Trace trace(requests);
  for (std::uint32_t& key : trace) key = pick(random) + 1;
  return trace;
}

double HitRatioOfList(const Trace& trace, std::size_t capacity, bool move_on_hit) {
  std::list<std::uint32_t> order;
  std::unordered_map<std::uint32_t, std::list<std::uint32_t>::iterator> where;
  std::size_t hits = 0;
  for (const std::uint32_t key : trace) {
    if (const auto found = where.find(key); found != where.end()) {
      ++hits;
      if (move_on_hit) order.splice(order.end(), order, found->second);
      continue;
    }
    if (where.size() == capacity) {
      where.erase(order.front());
      order.pop_front();
    }
    where[key] = order.insert(order.end(), key);
  }
  return static_cast<double>(hits) / static_cast<double>(trace.size());
}

template <typename Policy>
double HitRatioOf(const Trace& trace, std::size_t capacity) {
  const PolicyNodes nodes(capacity);
  Policy policy(nodes.map(), &nodes);
  std::unordered_map<std::uint32_t, ItemHandle> where;
  std::vector<std::uint32_t> key_of(capacity + 1);
  const auto hash_of = [](std::uint32_t key) { return std::mt19937_64(key)(); };
  std::size_t hits = 0;
  for (const std::uint32_t key : trace) {
    if (const auto found = where.find(key); found != where.end()) {
      ++hits;
      nodes[found->second].NoteUse();
      continue;
    }
    ItemHandle handle = static_cast<ItemHandle>(where.size() + 1);
    if (where.size() == capacity) {
      handle = policy.Victim();
      const bool probation = nodes[handle].queue() == EvictionNode::kProbationQueue;
      policy.Remove(handle);
      policy.RememberEvicted(hash_of(key_of[handle]), probation);
      where.erase(key_of[handle]);
    }
    nodes.Reset(handle);
    policy.Insert(handle, hash_of(key), Arrival::kNew);
    where[key] = handle;
    key_of[handle] = key;
  }
  return static_cast<double>(hits) / static_cast<double>(trace.size());
}

class HitRatioTest : public testing::Test {
 protected:
  // That S3-FIFO is above LRU and FIFO by `margin`, segmented LRU by `segmented_margin`.
  void ExpectNoWorse(const Trace& trace, std::size_t capacity, double margin,
                     double segmented_margin) {
    const double s3_fifo = HitRatioOf<S3FifoPolicy>(trace, capacity);
    const double segmented = HitRatioOf<SegmentedLruPolicy>(trace, capacity);
    const double lru = HitRatioOfList(trace, capacity, /*move_on_hit=*/true);
    const double fifo = HitRatioOfList(trace, capacity, /*move_on_hit=*/false);
    std::printf("capacity %zu: S3-FIFO %.4f, segmented LRU %.4f, LRU %.4f, FIFO %.4f\n", capacity,
                s3_fifo, segmented, lru, fifo);
    EXPECT_GE(s3_fifo, std::max(lru, fifo) + margin);
    EXPECT_GE(segmented, std::max(lru, fifo) + segmented_margin);
  }
  std::mt19937 random_{20230917};  // the outcome of a fixed trace is fixed
};

TEST_F(HitRatioTest, IsAboveLruAndFifoOnZipfTraces) {
  const Trace trace = Zipf(20'000, 1.0, 200'000, random_);
  for (const std::size_t capacity : {200, 2000}) ExpectNoWorse(trace, capacity, 0.02, 0.02);
}

TEST_F(HitRatioTest, HoldsWhenScansPassThrough) {
  const Trace zipf = Zipf(20'000, 1.0, 150'000, random_);
  Trace trace;
  std::uint32_t scanned = 1'000'000;
  for (std::size_t i = 0; i < zipf.size(); ++i) {
    trace.push_back(zipf[i]);
    if (i % 30'000 < 3000) {
      for (int j = 0; j < 5; ++j) trace.push_back(scanned++);
    }
  }
  ExpectNoWorse(trace, 2000, 0.03, 0.03);
}

}  // namespace
}  // namespace ringcache::storage

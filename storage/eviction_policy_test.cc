// The contract of EvictionPolicy, run on each implementation.

#include "storage/eviction_policy.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "storage/policy_nodes.h"
#include "storage/s3_fifo_policy.h"

namespace ringcache::storage {
namespace {

struct Implementation {
  std::string name;
  std::function<std::unique_ptr<EvictionPolicy>(NodeMap)> create;
};

class EvictionPolicyTest : public testing::TestWithParam<Implementation> {
 protected:
  void Insert(ItemHandle handle, Arrival arrival = Arrival::kNew) {
    nodes_.Reset(handle);
    policy_->Insert(handle, std::uint64_t{handle} << 32 | handle, arrival);
  }
  ItemHandle Evict() {
    const ItemHandle victim = policy_->Victim();
    if (victim != kNoItem) policy_->Remove(victim);
    return victim;
  }
  std::size_t Held() const { return policy_->counts().probation + policy_->counts().main; }
  std::uint8_t QueueOf(ItemHandle handle) { return nodes_[handle].queue.load(); }

  PolicyNodes nodes_{2000};
  std::unique_ptr<EvictionPolicy> policy_ = GetParam().create(nodes_.map());
};

TEST_P(EvictionPolicyTest, AnEmptyPolicyHasNoVictim) {
  EXPECT_EQ(policy_->Victim(), kNoItem);
  EXPECT_EQ(policy_->OldestProbation(), kNoItem);
  EXPECT_EQ(policy_->OldestMain(), kNoItem);
  EXPECT_EQ(Held(), 0u);
}

TEST_P(EvictionPolicyTest, AVictimIsOneOfTheNodesAndStaysInItsQueue) {
  for (ItemHandle handle = 1; handle <= 10; ++handle) Insert(handle);
  const ItemHandle victim = policy_->Victim();
  EXPECT_GE(victim, 1u);
  EXPECT_LE(victim, 10u);
  EXPECT_NE(QueueOf(victim), EvictionNode::kNoQueue);
  EXPECT_EQ(Held(), 10u);
}

TEST_P(EvictionPolicyTest, EveryNodeLeavesOnceWhateverItsUse) {
  for (ItemHandle handle = 1; handle <= 500; ++handle) {
    Insert(handle, handle % 7 == 0 ? Arrival::kProtected : Arrival::kNew);
    for (ItemHandle use = 0; use < handle % 5; ++use) nodes_[handle].NoteUse();
  }
  std::set<ItemHandle> left;
  while (const ItemHandle victim = Evict()) EXPECT_TRUE(left.insert(victim).second);
  EXPECT_EQ(left.size(), 500u);
  EXPECT_EQ(Held(), 0u);
}

TEST_P(EvictionPolicyTest, UnusedNodesLeaveInTheOrderOfTheirArrival) {
  for (ItemHandle handle = 1; handle <= 100; ++handle) Insert(handle);
  for (ItemHandle handle = 1; handle <= 100; ++handle) EXPECT_EQ(Evict(), handle);
}

TEST_P(EvictionPolicyTest, AUsedNodeOutlivesUnusedOnes) {
  for (ItemHandle handle = 1; handle <= 100; ++handle) Insert(handle);
  for (int use = 0; use < 3; ++use) nodes_[1].NoteUse();
  for (int i = 0; i < 50; ++i) EXPECT_NE(Evict(), 1u);
}

TEST_P(EvictionPolicyTest, ARemovedNodeIsNeverAVictim) {
  for (ItemHandle handle = 1; handle <= 100; ++handle) Insert(handle);
  for (ItemHandle handle = 2; handle <= 100; handle += 2) {
    policy_->Remove(handle);
    EXPECT_EQ(QueueOf(handle), EvictionNode::kNoQueue);
  }
  while (const ItemHandle victim = Evict()) EXPECT_EQ(victim % 2, 1u);
}

TEST_P(EvictionPolicyTest, CountsAndQueueFieldsAgreeOverRandomOperations) {
  const std::uint32_t seed = std::random_device()();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  std::set<ItemHandle> held;
  for (int step = 0; step < 20'000; ++step) {
    const ItemHandle handle = random() % 1000 + 1;
    switch (random() % 4) {
      case 0:
      case 1:
        if (held.insert(handle).second) {
          Insert(handle, random() % 4 == 0 ? Arrival::kProtected : Arrival::kNew);
        } else {
          nodes_[handle].NoteUse();
        }
        break;
      case 2:
        if (held.erase(handle) == 1) policy_->Remove(handle);
        break;
      case 3:
        if (const ItemHandle victim = policy_->Victim(); victim != kNoItem) {
          ASSERT_EQ(held.erase(victim), 1u);
          const bool probation = QueueOf(victim) == EvictionNode::kProbationQueue;
          policy_->Remove(victim);
          policy_->RememberEvicted(std::uint64_t{victim} << 32 | victim, probation);
        } else {
          ASSERT_TRUE(held.empty());
        }
        break;
    }
    ASSERT_EQ(Held(), held.size());
  }
  std::size_t probation = 0;
  for (const ItemHandle handle : held) {
    if (QueueOf(handle) == EvictionNode::kProbationQueue) ++probation;
  }
  EXPECT_EQ(policy_->counts().probation, probation);
}

INSTANTIATE_TEST_SUITE_P(
    Policies, EvictionPolicyTest,
    testing::Values(Implementation{
        "S3Fifo", [](NodeMap nodes) { return std::make_unique<S3FifoPolicy>(nodes); }}),
    [](const testing::TestParamInfo<Implementation>& info) { return info.param.name; });

}  // namespace
}  // namespace ringcache::storage

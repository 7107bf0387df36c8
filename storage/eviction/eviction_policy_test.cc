// The contract of EvictionPolicy, run on each implementation.

#include "storage/eviction/eviction_policy.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "storage/eviction/policy_nodes.h"
#include "storage/eviction/s3_fifo_policy.h"
#include "storage/eviction/segmented_lru_policy.h"

namespace ringcache::storage {
namespace {

struct Implementation {
  std::string name;
  std::function<std::unique_ptr<EvictionPolicy>(const PolicyNodes&)> create;
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
  EvictionNode::Queue QueueOf(ItemHandle handle) { return nodes_[handle].queue(); }
  std::vector<ItemHandle> Next(EvictionNode::Queue queue, std::size_t most) {
    std::vector<ItemHandle> next(most);
    next.resize(policy_->Next(queue, absl::MakeSpan(next)));
    return next;
  }

  static constexpr ItemHandle kNodes = 1000;
  PolicyNodes nodes_{kNodes};
  std::unique_ptr<EvictionPolicy> policy_ = GetParam().create(nodes_);
};

TEST_P(EvictionPolicyTest, AnEmptyPolicyHasNoVictim) {
  EXPECT_EQ(policy_->Victim(), kNoItem);
  EXPECT_TRUE(Next(EvictionNode::kProbationQueue, 5).empty());
  EXPECT_TRUE(Next(EvictionNode::kMainQueue, 5).empty());
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

TEST_P(EvictionPolicyTest, ASparedVictimStaysAndOthersComeFirst) {
  for (ItemHandle handle = 1; handle <= 10; ++handle) {
    Insert(handle, handle % 5 == 0 ? Arrival::kProtected : Arrival::kNew);
  }
  ItemHandle spared = policy_->Victim();
  for (int i = 0; i < 100; ++i) {
    policy_->Spare(spared);
    EXPECT_NE(QueueOf(spared), EvictionNode::kNoQueue);
    const ItemHandle next = policy_->Victim();
    ASSERT_NE(next, spared);
    spared = next;
  }
  EXPECT_EQ(Held(), 10u);
}

TEST_P(EvictionPolicyTest, ANodeThatIsSparedEachTimeOutlivesTheOthers) {
  constexpr ItemHandle kHeld = 7;
  for (ItemHandle handle = 1; handle <= 100; ++handle) {
    Insert(handle, handle % 3 == 0 ? Arrival::kProtected : Arrival::kNew);
  }
  int spared = 0;
  while (Held() > 1) {
    const ItemHandle victim = policy_->Victim();
    if (victim != kHeld) {
      policy_->Remove(victim);
    } else {
      policy_->Spare(victim);
      ASSERT_LE(++spared, 100);
    }
  }
  EXPECT_EQ(policy_->Victim(), kHeld);
}

TEST_P(EvictionPolicyTest, WhereAllAreSparedEachIsAskedInTurnAndNoneLeaves) {
  for (ItemHandle handle = 1; handle <= 500; ++handle) {
    Insert(handle, handle % 7 == 0 ? Arrival::kProtected : Arrival::kNew);
    for (ItemHandle use = 0; use < handle % 5; ++use) nodes_[handle].NoteUse();
  }
  // Uses are used up and nodes leave probation in the first rounds. Those that have yet to prove
  // useful need not be asked as long as they are few.
  std::set<ItemHandle> asked;
  for (int call = 0; call < 3000; ++call) {
    const ItemHandle victim = policy_->Victim();
    ASSERT_NE(victim, kNoItem);
    asked.insert(victim);
    policy_->Spare(victim);
  }
  EXPECT_EQ(Held(), 500u);
  for (ItemHandle handle = 1; handle <= 500; ++handle) {
    const bool main = QueueOf(handle) == EvictionNode::kMainQueue;
    EXPECT_TRUE(!main || asked.count(handle) == 1) << handle;
  }
}

TEST_P(EvictionPolicyTest, NextTellsWhichLeaveAQueueSoonAndChangesNothing) {
  for (ItemHandle handle = 1; handle <= 100; ++handle) {
    Insert(handle, handle > 60 ? Arrival::kProtected : Arrival::kNew);
  }
  policy_->Remove(3);
  policy_->Remove(62);
  const std::vector<ItemHandle> probation = Next(EvictionNode::kProbationQueue, 5);
  const std::vector<ItemHandle> main = Next(EvictionNode::kMainQueue, 5);
  ASSERT_EQ(probation.size(), 5u);
  ASSERT_EQ(main.size(), 5u);
  EXPECT_EQ(Next(EvictionNode::kProbationQueue, 5), probation);
  EXPECT_EQ(Next(EvictionNode::kMainQueue, 5), main);
  EXPECT_EQ(Held(), 98u);
  EXPECT_EQ(policy_->counts().second_chances, 0u);
  // In the order in which they leave the queue that they were put in, be it for the other one.
  std::vector<ItemHandle> left_probation;
  std::vector<ItemHandle> left_main;
  std::set<ItemHandle> left = {3, 62};
  while (const ItemHandle victim = policy_->Victim()) {
    policy_->Remove(victim);
    for (ItemHandle handle = 1; handle <= 100; ++handle) {
      const bool was_main = handle > 60;
      const bool stays =
          QueueOf(handle) == (was_main ? EvictionNode::kMainQueue : EvictionNode::kProbationQueue);
      if (!stays && left.insert(handle).second) {
        (was_main ? left_main : left_probation).push_back(handle);
      }
    }
  }
  left_probation.resize(5);
  left_main.resize(5);
  EXPECT_EQ(left_probation, probation);
  EXPECT_EQ(left_main, main);
}

TEST_P(EvictionPolicyTest, NextTellsOfNoMoreNodesThanThereAreOrThanAreAskedFor) {
  for (ItemHandle handle = 1; handle <= 3; ++handle) Insert(handle);
  for (ItemHandle handle = 4; handle <= 5; ++handle) Insert(handle, Arrival::kProtected);
  EXPECT_EQ(Next(EvictionNode::kProbationQueue, 10), (std::vector<ItemHandle>{1, 2, 3}));
  EXPECT_EQ(Next(EvictionNode::kMainQueue, 10), (std::vector<ItemHandle>{4, 5}));
  EXPECT_TRUE(Next(EvictionNode::kProbationQueue, 0).empty());
  EXPECT_TRUE(Next(EvictionNode::kMainQueue, 0).empty());
}

TEST_P(EvictionPolicyTest, TakesFewBytesBesideTheNodes) {
  const std::size_t empty = policy_->bytes();
  for (ItemHandle handle = 1; handle <= kNodes; ++handle) Insert(handle);
  // A link to each neighbour would take 8.
  EXPECT_LE(policy_->bytes() - empty, kNodes * 8);
}

TEST_P(EvictionPolicyTest, CountsAndQueueFieldsAgreeOverRandomOperations) {
  const std::uint32_t seed = std::random_device()();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  std::set<ItemHandle> held;
  for (int step = 0; step < 20'000; ++step) {
    const ItemHandle handle = random() % kNodes + 1;
    switch (random() % 5) {
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
      case 4:
        if (const ItemHandle victim = policy_->Victim(); victim != kNoItem) {
          policy_->Spare(victim);
          ASSERT_EQ(held.count(victim), 1u);
        }
        break;
    }
    ASSERT_EQ(Held(), held.size());
  }
  std::size_t probation = 0;
  for (ItemHandle handle = 1; handle <= kNodes; ++handle) {
    const EvictionNode::Queue queue = QueueOf(handle);
    if (queue == EvictionNode::kProbationQueue) ++probation;
    EXPECT_EQ(queue != EvictionNode::kNoQueue, held.count(handle) == 1) << handle;
  }
  EXPECT_EQ(policy_->counts().probation, probation);
}

TEST_P(EvictionPolicyTest, AWalkOverProbationFindsAllThatStay) {
  std::minstd_rand random(7);
  for (ItemHandle handle = 1; handle <= 300; ++handle) {
    policy_->Insert(handle, handle, Arrival::kNew);
  }
  std::set<ItemHandle> on_probation;
  for (ItemHandle handle = 1; handle <= 300; ++handle) {
    if (QueueOf(handle) == EvictionNode::kProbationQueue) on_probation.insert(handle);
  }
  EvictionPolicy::Walk walk;
  std::set<ItemHandle> found;
  ItemHandle fresh = 301;
  for (std::array<ItemHandle, 7> nodes; walk.state == EvictionPolicy::Walk::State::kGoesOn;) {
    const std::size_t count = policy_->WalkProbation(walk, absl::MakeSpan(nodes));
    found.insert(nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(count));
    for (int i = 0; i < 3; ++i) {
      const ItemHandle gone = static_cast<ItemHandle>(random() % 300 + 1);
      if (QueueOf(gone) == EvictionNode::kProbationQueue) policy_->Remove(gone);
      if (fresh <= 400) policy_->Insert(fresh, fresh, Arrival::kNew), ++fresh;
    }
  }
  if (walk.state == EvictionPolicy::Walk::State::kNoOrder) return;
  for (const ItemHandle handle : on_probation) {
    if (QueueOf(handle) == EvictionNode::kProbationQueue) {
      EXPECT_EQ(found.count(handle), 1u) << handle;
    }
  }
  EXPECT_GT(found.size(), 50u);
}

template <typename Policy>
std::unique_ptr<EvictionPolicy> Create(const PolicyNodes& nodes) {
  return std::make_unique<Policy>(nodes.map(), &nodes);
}

INSTANTIATE_TEST_SUITE_P(
    Policies, EvictionPolicyTest,
    testing::Values(Implementation{"S3Fifo", Create<S3FifoPolicy>},
                    Implementation{"SegmentedLru", Create<SegmentedLruPolicy>}),
    [](const testing::TestParamInfo<Implementation>& info) { return info.param.name; });

}  // namespace
}  // namespace ringcache::storage

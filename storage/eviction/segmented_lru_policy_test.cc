// What distinguishes segmented LRU; what every policy does is in eviction_policy_test.cc.

#include "storage/eviction/segmented_lru_policy.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "storage/eviction/policy_nodes.h"

namespace ringcache::storage {
namespace {

class SegmentedLruPolicyTest : public testing::Test {
 protected:
  explicit SegmentedLruPolicyTest(std::size_t chunks = 100) : nodes_(chunks) {}
  void Insert(ItemHandle handle, Arrival arrival = Arrival::kNew) {
    nodes_.Reset(handle);
    policy_.Insert(handle, handle, arrival);
  }
  void Insert(ItemHandle first, ItemHandle last, Arrival arrival) {
    for (ItemHandle handle = first; handle <= last; ++handle) Insert(handle, arrival);
  }
  void Use(ItemHandle handle, int times = 1) {
    for (int i = 0; i < times; ++i) nodes_[handle].NoteUse();
  }
  ItemHandle Evict() {
    const ItemHandle victim = policy_.Victim();
    policy_.Remove(victim);
    policy_.RememberEvicted(victim, /*was_probation=*/true);
    return victim;
  }
  bool IsProtected(ItemHandle handle) { return nodes_[handle].queue() == EvictionNode::kMainQueue; }
  std::size_t Held() { return policy_.counts().probation + policy_.counts().main; }
  std::vector<ItemHandle> Next(EvictionNode::Queue queue, std::size_t most) {
    std::vector<ItemHandle> next(most);
    next.resize(policy_.Next(queue, absl::MakeSpan(next)));
    return next;
  }
  std::vector<ItemHandle> NextProtected(std::size_t most) {
    return Next(EvictionNode::kMainQueue, most);
  }

  using Handles = std::vector<ItemHandle>;
  PolicyNodes nodes_;
  SegmentedLruPolicy policy_{nodes_.map(), &nodes_};
};

// Far more nodes than one call moves, or left places than it passes over.
class SegmentedLruPolicyOfManyTest : public SegmentedLruPolicyTest {
 protected:
  static constexpr ItemHandle kChunks = 20'000;
  // Nodes that one call may move, and left places that it may pass over in each queue.
  static constexpr std::size_t kMaxMoves = 64;
  static constexpr std::size_t kMaxPasses = 2048;

  SegmentedLruPolicyOfManyTest() : SegmentedLruPolicyTest(kChunks) {}
  std::uint64_t Moves() { return policy_.counts().promotions + policy_.counts().second_chances; }
  std::size_t Places() { return policy_.bytes() / sizeof(ItemHandle); }
};

TEST_F(SegmentedLruPolicyTest, NewNodesStartOnProbationAndSuccessorsOfProvenOnesAreProtected) {
  Insert(1);
  Insert(2, Arrival::kProtected);
  EXPECT_FALSE(IsProtected(1));
  EXPECT_TRUE(IsProtected(2));
  EXPECT_EQ(policy_.counts().probation, 1u);
  EXPECT_EQ(policy_.counts().main, 1u);
}

TEST_F(SegmentedLruPolicyTest, ANodeThatWasUsedOnProbationGoesToTheBackOfTheProtected) {
  Insert(1, 2, Arrival::kProtected);
  Insert(3, 10, Arrival::kNew);
  Use(3);
  Use(5);
  EXPECT_EQ(Evict(), 4u);
  EXPECT_EQ(Evict(), 6u);
  EXPECT_EQ(NextProtected(10), (Handles{1, 2, 3, 5}));
  EXPECT_EQ(policy_.counts().promotions, 2u);
}

TEST_F(SegmentedLruPolicyTest, APromotionUsesUpTheUsesThatEarnedIt) {
  Insert(1, 4, Arrival::kNew);
  Use(1, 3);
  ASSERT_EQ(Evict(), 2u);
  ASSERT_TRUE(IsProtected(1));
  EXPECT_EQ(nodes_[1].uses(), 0);
}

TEST_F(SegmentedLruPolicyTest, AKeyThatComesBackIsANewOne) {
  Insert(1, 10, Arrival::kNew);
  ASSERT_EQ(Evict(), 1u);
  Insert(1);
  EXPECT_FALSE(IsProtected(1));
}

TEST_F(SegmentedLruPolicyTest, TheProtectedHoldFourFifthsAtMost) {
  Insert(1, 80, Arrival::kProtected);
  Insert(81, 100, Arrival::kNew);
  policy_.Victim();
  EXPECT_EQ(policy_.counts().main, 80u);
  Use(81);
  // It is promoted, so another must go back.
  EXPECT_EQ(policy_.Victim(), 82u);
  EXPECT_EQ(policy_.counts().main, 80u);
  EXPECT_TRUE(IsProtected(81));
  EXPECT_FALSE(IsProtected(1));
}

TEST_F(SegmentedLruPolicyTest, WhatIsLoweredHasAnotherTurnOnProbation) {
  Insert(1, 5, Arrival::kProtected);
  // One too many: the first is lowered, and then the only one on probation.
  ASSERT_EQ(policy_.Victim(), 1u);
  EXPECT_FALSE(IsProtected(1));
  Use(1);
  EXPECT_EQ(policy_.Victim(), 2u);
  EXPECT_TRUE(IsProtected(1));
  EXPECT_EQ(NextProtected(10), (Handles{3, 4, 5, 1}));
}

TEST_F(SegmentedLruPolicyTest, AProtectedNodeThatWasUsedStaysForOneMoreRoundHoweverOftenItWasUsed) {
  Insert(1, 5, Arrival::kProtected);
  Use(1, 3);
  EXPECT_EQ(policy_.Victim(), 2u);
  EXPECT_EQ(NextProtected(10), (Handles{3, 4, 5, 1}));
  EXPECT_EQ(policy_.counts().second_chances, 1u);
  EXPECT_EQ(nodes_[1].uses(), 0);
  for (const ItemHandle handle : {2, 3, 4, 5, 1}) EXPECT_EQ(Evict(), handle);
}

TEST_F(SegmentedLruPolicyTest, AScanPassesWithoutTouchingTheProtected) {
  Insert(1, 80, Arrival::kProtected);
  Insert(81, 100, Arrival::kNew);
  for (int i = 0; i < 10'000; ++i) {
    const ItemHandle victim = Evict();
    ASSERT_GT(victim, 80u);
    Insert(victim);
  }
}

TEST_F(SegmentedLruPolicyTest, ASparedNodeGoesToTheBackOfTheProtectedWithoutAPromotion) {
  Insert(1, Arrival::kProtected);
  Insert(2, 10, Arrival::kNew);
  ASSERT_EQ(policy_.Victim(), 2u);
  policy_.Spare(2);
  EXPECT_EQ(NextProtected(10), (Handles{1, 2}));
  EXPECT_EQ(policy_.counts().promotions, 0u);
  EXPECT_EQ(policy_.Victim(), 3u);
}

TEST_F(SegmentedLruPolicyTest, TakesFourBytesANode) {
  Insert(1, 30, Arrival::kProtected);
  Insert(31, 100, Arrival::kNew);
  EXPECT_EQ(policy_.bytes(), 400u);
  policy_.RememberEvicted(1000, /*was_probation=*/true);
  EXPECT_EQ(policy_.bytes(), 400u);
}

TEST_F(SegmentedLruPolicyOfManyTest, OneCallMovesABoundedNumberOfNodes) {
  for (ItemHandle handle = 1; handle <= kChunks; ++handle) {
    Insert(handle, handle % 2 == 0 ? Arrival::kProtected : Arrival::kNew);
    Use(handle, 3);
  }
  std::uint64_t most_moves = 0;
  for (std::size_t left = kChunks; left > 0; --left) {
    const std::uint64_t moves_before = Moves();
    const ItemHandle victim = policy_.Victim();
    ASSERT_NE(victim, kNoItem);
    most_moves = std::max(most_moves, Moves() - moves_before);
    policy_.Remove(victim);
    ASSERT_EQ(Held(), left - 1);
  }
  EXPECT_EQ(most_moves, kMaxMoves);
}

TEST_F(SegmentedLruPolicyOfManyTest, OneCallMovesABoundedNumberOfNodesAlsoWhereAllAreSpared) {
  for (ItemHandle handle = 1; handle <= kChunks; ++handle) {
    Insert(handle, handle % 2 == 0 ? Arrival::kProtected : Arrival::kNew);
  }
  std::vector<int> times_asked(kChunks + 1);
  for (ItemHandle call = 0; call < 3 * kChunks; ++call) {
    const std::uint64_t moves_before = Moves();
    const ItemHandle victim = policy_.Victim();
    ASSERT_NE(victim, kNoItem);
    ASSERT_LE(Moves() - moves_before, kMaxMoves);
    ++times_asked[victim];
    policy_.Spare(victim);
  }
  // As if the queues were one ring.
  EXPECT_EQ(Held(), std::size_t{kChunks});
  EXPECT_EQ(*std::min_element(times_asked.begin() + 1, times_asked.end()), 3);
}

TEST_F(SegmentedLruPolicyOfManyTest, OneCallPassesALimitedStretchOfLeftPlacesInEachQueue) {
  Insert(1, kChunks, Arrival::kNew);
  for (ItemHandle handle = 1; handle < 9'000; ++handle) policy_.Remove(handle);
  ItemHandle victim = kNoItem;
  std::size_t calls = 0;
  for (; victim == kNoItem; ++calls) {
    ASSERT_LT(calls, 10u);
    const std::size_t places_before = Places();
    victim = policy_.Victim();
    ASSERT_LE(places_before - Places(), kMaxPasses + 2);
  }
  EXPECT_EQ(victim, 9'000u);
  EXPECT_GE(calls, 9'000 / kMaxPasses);
}

TEST_F(SegmentedLruPolicyOfManyTest, WhereTheFrontOfProbationIsFarThatOfTheProtectedGoes) {
  Insert(1, 10'000, Arrival::kNew);
  Insert(10'001, 10'100, Arrival::kProtected);
  for (ItemHandle handle = 1; handle <= 4'500; ++handle) policy_.Remove(handle);
  ASSERT_EQ(policy_.Victim(), 10'001u);
  // What must stay makes way for the next.
  policy_.Spare(10'001);
  EXPECT_EQ(policy_.Victim(), 10'002u);
}

}  // namespace
}  // namespace ringcache::storage

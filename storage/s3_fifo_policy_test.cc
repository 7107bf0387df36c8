// What distinguishes S3-FIFO; what every policy does is in eviction_policy_test.cc.

#include "storage/s3_fifo_policy.h"

#include <cstdint>
#include <random>

#include "gtest/gtest.h"
#include "storage/policy_nodes.h"

namespace ringcache::storage {
namespace {

class S3FifoPolicyTest : public testing::Test {
 protected:
  static std::uint64_t HashOf(ItemHandle key) { return std::mt19937_64(key)(); }
  void Insert(ItemHandle handle, Arrival arrival = Arrival::kNew) {
    nodes_.Reset(handle);
    policy_.Insert(handle, HashOf(handle), arrival);
  }
  void Use(ItemHandle handle, int times) {
    for (int i = 0; i < times; ++i) nodes_[handle].NoteUse();
  }
  ItemHandle EvictForSpace() {
    const ItemHandle victim = policy_.Victim();
    const bool probation = !InMain(victim);
    policy_.Remove(victim);
    policy_.RememberEvicted(HashOf(victim), probation);
    return victim;
  }
  bool InMain(ItemHandle handle) { return nodes_[handle].queue.load() == EvictionNode::kMainQueue; }

  PolicyNodes nodes_{20'000};
  S3FifoPolicy policy_{nodes_.map()};
};

TEST_F(S3FifoPolicyTest, NewNodesStartOnProbationAndSuccessorsOfProvenOnesInMain) {
  Insert(1);
  Insert(2, Arrival::kProtected);
  EXPECT_FALSE(InMain(1));
  EXPECT_TRUE(InMain(2));
  EXPECT_EQ(policy_.OldestProbation(), 1u);
  EXPECT_EQ(policy_.OldestMain(), 2u);
}

TEST_F(S3FifoPolicyTest, AUseOnProbationEarnsAPlaceInMain) {
  for (ItemHandle handle = 1; handle <= 10; ++handle) Insert(handle);
  Use(2, 1);
  EXPECT_EQ(EvictForSpace(), 1u);
  EXPECT_EQ(EvictForSpace(), 3u);
  EXPECT_TRUE(InMain(2));
  EXPECT_EQ(policy_.counts().promotions, 1u);
}

TEST_F(S3FifoPolicyTest, EachUseBuysANodeInMainOneMoreRound) {
  for (ItemHandle handle = 1; handle <= 3; ++handle) Insert(handle, Arrival::kProtected);
  Use(1, 3);
  EXPECT_EQ(EvictForSpace(), 2u);
  EXPECT_EQ(EvictForSpace(), 3u);
  EXPECT_EQ(EvictForSpace(), 1u);
  EXPECT_EQ(policy_.counts().second_chances, 3u);
}

TEST_F(S3FifoPolicyTest, AKeyThatComesBackSoonGoesToMain) {
  for (ItemHandle handle = 1; handle <= 10; ++handle) Insert(handle);
  ASSERT_EQ(EvictForSpace(), 1u);
  Insert(1);
  EXPECT_TRUE(InMain(1));
}

TEST_F(S3FifoPolicyTest, AKeyEvictedFromMainIsNotRemembered) {
  Insert(1, Arrival::kProtected);
  ASSERT_EQ(EvictForSpace(), 1u);
  Insert(1);
  EXPECT_FALSE(InMain(1));
}

TEST_F(S3FifoPolicyTest, AScanPassesWithoutTouchingMain) {
  constexpr ItemHandle kHot = 90;
  for (ItemHandle handle = 1; handle <= kHot; ++handle) Insert(handle, Arrival::kProtected);
  for (ItemHandle handle = kHot + 1; handle <= 100; ++handle) Insert(handle);
  // 10,000 keys that are read never again pass through a cache of 100. Few of them are taken for
  // ghosts (ghost_filter.h says how few) and push an item out of main.
  int pushed_out = 0;
  for (ItemHandle handle = 101; handle <= 10'100; ++handle) {
    Insert(handle);
    if (EvictForSpace() <= kHot) ++pushed_out;
  }
  EXPECT_LE(pushed_out, 10);
}

TEST_F(S3FifoPolicyTest, MainGivesWayWhenProbationIsSmall) {
  for (ItemHandle handle = 1; handle <= 95; ++handle) Insert(handle, Arrival::kProtected);
  for (ItemHandle handle = 96; handle <= 100; ++handle) Insert(handle);
  EXPECT_EQ(EvictForSpace(), 1u);
}

TEST_F(S3FifoPolicyTest, OneCallMovesABoundedNumberOfNodes) {
  for (ItemHandle handle = 1; handle <= 10'000; ++handle) {
    Insert(handle, handle % 2 == 0 ? Arrival::kProtected : Arrival::kNew);
    Use(handle, 3);
  }
  while (policy_.Victim() != kNoItem) {
    const EvictionPolicy::Counts before = policy_.counts();
    const ItemHandle victim = policy_.Victim();
    const EvictionPolicy::Counts after = policy_.counts();
    ASSERT_LE(after.promotions - before.promotions + after.second_chances - before.second_chances,
              64u);
    policy_.Remove(victim);
  }
}

}  // namespace
}  // namespace ringcache::storage

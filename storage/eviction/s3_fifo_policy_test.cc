// What distinguishes S3-FIFO; what every policy does is in eviction_policy_test.cc.

#include "storage/eviction/s3_fifo_policy.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "storage/eviction/policy_nodes.h"
#include "storage/slab_allocator.h"

namespace ringcache::storage {
namespace {

class S3FifoPolicyTest : public testing::Test {
 protected:
  explicit S3FifoPolicyTest(std::size_t chunks = 100) : nodes_(chunks) {}
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
  bool InMain(ItemHandle handle) { return nodes_[handle].queue() == EvictionNode::kMainQueue; }
  std::size_t Held() { return policy_.counts().probation + policy_.counts().main; }
  ItemHandle NextOf(EvictionNode::Queue queue) {
    ItemHandle next = kNoItem;
    policy_.Next(queue, absl::MakeSpan(&next, 1));
    return next;
  }

  PolicyNodes nodes_;
  S3FifoPolicy policy_{nodes_.map(), &nodes_};
};

// Far more chunks than the hand passes over in one call.
class S3FifoPolicyOfManyTest : public S3FifoPolicyTest {
 protected:
  static constexpr ItemHandle kChunks = 20'000;
  // Nodes that one call may move, chunks that its hand may pass over, and both together.
  static constexpr std::size_t kMaxMoves = 64;
  static constexpr std::size_t kMaxPasses = 2048;
  static constexpr std::size_t kMaxLooks = kMaxPasses + kMaxMoves + 2;

  S3FifoPolicyOfManyTest() : S3FifoPolicyTest(kChunks) {}
};

TEST_F(S3FifoPolicyTest, NewNodesStartOnProbationAndSuccessorsOfProvenOnesInMain) {
  Insert(1);
  Insert(2, Arrival::kProtected);
  EXPECT_FALSE(InMain(1));
  EXPECT_TRUE(InMain(2));
  EXPECT_EQ(NextOf(EvictionNode::kProbationQueue), 1u);
  EXPECT_EQ(NextOf(EvictionNode::kMainQueue), 2u);
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
  std::vector<ItemHandle> key_in(101);
  for (ItemHandle handle = 1; handle <= 100; ++handle) {
    Insert(handle, handle <= kHot ? Arrival::kProtected : Arrival::kNew);
    key_in[handle] = handle;
  }
  // 10,000 keys that are read never again pass through a cache of 100, each in the chunk of the one
  // that it pushes out. Few of them are taken for ghosts (ghost_filter.h says how few) and push an
  // item out of main.
  int pushed_out = 0;
  for (ItemHandle key = 101; key <= 10'100; ++key) {
    const ItemHandle victim = policy_.Victim();
    const bool probation = !InMain(victim);
    policy_.Remove(victim);
    policy_.RememberEvicted(HashOf(key_in[victim]), probation);
    if (key_in[victim] <= kHot) ++pushed_out;
    nodes_.Reset(victim);
    policy_.Insert(victim, HashOf(key), Arrival::kNew);
    key_in[victim] = key;
  }
  EXPECT_LE(pushed_out, 10);
}

TEST_F(S3FifoPolicyTest, MainGivesWayWhenProbationIsSmall) {
  for (ItemHandle handle = 1; handle <= 95; ++handle) Insert(handle, Arrival::kProtected);
  for (ItemHandle handle = 96; handle <= 100; ++handle) Insert(handle);
  EXPECT_EQ(EvictForSpace(), 1u);
}

TEST_F(S3FifoPolicyTest, ANodeEntersMainWhereItsChunkIs) {
  for (const ItemHandle handle : {10, 20, 30}) Insert(handle, Arrival::kProtected);
  EXPECT_EQ(EvictForSpace(), 10u);
  Insert(5, Arrival::kProtected);   // the hand has just passed here
  Insert(15, Arrival::kProtected);  // and comes here next
  for (const ItemHandle handle : {15, 20, 30, 5}) EXPECT_EQ(EvictForSpace(), handle);
  EXPECT_EQ(Held(), 0u);
}

TEST_F(S3FifoPolicyTest, ASparedNodeOnProbationGoesToMain) {
  for (ItemHandle handle = 1; handle <= 10; ++handle) Insert(handle);
  ASSERT_EQ(policy_.Victim(), 1u);
  policy_.Spare(1);
  EXPECT_TRUE(InMain(1));
  EXPECT_EQ(policy_.counts().promotions, 0u);
  EXPECT_EQ(policy_.Victim(), 2u);
}

TEST_F(S3FifoPolicyTest, ASparedNodeInMainStaysForARound) {
  for (ItemHandle handle = 1; handle <= 3; ++handle) Insert(handle, Arrival::kProtected);
  ASSERT_EQ(policy_.Victim(), 1u);
  policy_.Spare(1);
  EXPECT_EQ(EvictForSpace(), 2u);
  EXPECT_EQ(EvictForSpace(), 3u);
  EXPECT_EQ(EvictForSpace(), 1u);
  EXPECT_EQ(policy_.counts().second_chances, 0u);
}

TEST_F(S3FifoPolicyTest, WhereMainMustStayProbationIsAskedHoweverSmall) {
  for (ItemHandle handle = 1; handle <= 95; ++handle) Insert(handle, Arrival::kProtected);
  for (ItemHandle handle = 96; handle <= 100; ++handle) Insert(handle);
  ASSERT_EQ(policy_.Victim(), 1u);
  policy_.Spare(1);
  EXPECT_EQ(EvictForSpace(), 96u);
  // Then it is main's turn again.
  EXPECT_EQ(policy_.Victim(), 2u);
}

TEST_F(S3FifoPolicyTest, NextInMainFollowsTheHandWithoutMovingIt) {
  for (ItemHandle handle = 1; handle <= 100; ++handle) Insert(handle, Arrival::kProtected);
  ASSERT_EQ(EvictForSpace(), 1u);
  ASSERT_EQ(policy_.Victim(), 2u);
  policy_.Spare(2);
  policy_.Remove(4);
  std::vector<ItemHandle> next(200);
  ASSERT_EQ(policy_.Next(EvictionNode::kMainQueue, absl::MakeSpan(next)), 98u);
  EXPECT_EQ(next[0], 3u);
  EXPECT_EQ(next[1], 5u);
  EXPECT_EQ(next[97], 2u);
  EXPECT_EQ(policy_.Victim(), 3u);
}

TEST_F(S3FifoPolicyOfManyTest, OneCallMovesABoundedNumberOfNodes) {
  for (ItemHandle handle = 1; handle <= 10'000; ++handle) {
    Insert(handle, handle % 2 == 0 ? Arrival::kProtected : Arrival::kNew);
    Use(handle, 3);
  }
  std::uint64_t most_moves = 0;
  for (int call = 0; Held() > 0; ++call) {
    ASSERT_LE(call, 20'000);
    const EvictionPolicy::Counts before = policy_.counts();
    const std::size_t looks_before = nodes_.looks();
    const ItemHandle victim = policy_.Victim();
    const EvictionPolicy::Counts after = policy_.counts();
    const std::uint64_t moves =
        after.promotions - before.promotions + after.second_chances - before.second_chances;
    ASSERT_LE(moves, kMaxMoves);
    ASSERT_LE(nodes_.looks() - looks_before, kMaxLooks);
    most_moves = std::max(most_moves, moves);
    if (victim != kNoItem) policy_.Remove(victim);
  }
  EXPECT_EQ(most_moves, kMaxMoves);
}

TEST_F(S3FifoPolicyOfManyTest, OneCallMovesABoundedNumberOfNodesAlsoWhereAllAreSpared) {
  for (ItemHandle handle = 1; handle <= 10'000; ++handle) {
    Insert(handle, handle % 2 == 0 ? Arrival::kProtected : Arrival::kNew);
  }
  for (int call = 0; call < 30'000; ++call) {
    const std::size_t looks_before = nodes_.looks();
    const ItemHandle victim = policy_.Victim();
    ASSERT_LE(nodes_.looks() - looks_before, kMaxLooks);
    if (victim != kNoItem) policy_.Spare(victim);
  }
  EXPECT_EQ(Held(), 10'000u);
}

TEST_F(S3FifoPolicyOfManyTest, TheHandLooksFurtherWithEachCallWhereNodesAreFewAndFarBetween) {
  Insert(kChunks, Arrival::kProtected);
  ItemHandle victim = kNoItem;
  int calls = 0;
  for (; victim == kNoItem && calls < 100; ++calls) {
    const std::size_t looks_before = nodes_.looks();
    victim = policy_.Victim();
    ASSERT_LE(nodes_.looks() - looks_before, kMaxLooks);
  }
  EXPECT_EQ(victim, kChunks);
  EXPECT_LE(calls, 1 + static_cast<int>(kChunks / kMaxPasses));
}

TEST_F(S3FifoPolicyOfManyTest, WhereMainIsFarTheFrontOfProbationGoes) {
  for (ItemHandle handle = kChunks - 20; handle <= kChunks; ++handle) {
    Insert(handle, Arrival::kProtected);
  }
  Insert(1);
  EXPECT_EQ(policy_.Victim(), 1u);
}

TEST_F(S3FifoPolicyOfManyTest, ProbationTakesFourBytesANodeAndMainNone) {
  for (ItemHandle handle = 1; handle <= 1000; ++handle) Insert(handle, Arrival::kProtected);
  EXPECT_EQ(policy_.bytes(), 0u);
  for (ItemHandle handle = 1001; handle <= 2000; ++handle) Insert(handle);
  EXPECT_EQ(policy_.bytes(), 4000u);
  policy_.RememberEvicted(1, /*was_probation=*/true);
  EXPECT_GT(policy_.bytes(), 4000u);
}

// Two size classes over one arena.
class S3FifoPolicyOfAClassTest : public testing::Test {
 protected:
  static constexpr std::size_t kPageBytes = 960;
  static constexpr std::size_t kPages = 2;
  struct SizeClass {
    SizeClass(NodeMap nodes, SlabPage* pages, std::size_t chunk_bytes, std::uint8_t owner)
        : slabs(nodes, pages, kPageBytes, chunk_bytes), policy(nodes, &slabs), number(owner) {}
    SlabAllocator slabs;
    S3FifoPolicy policy;
    std::uint8_t number;
  };
  void AddPage(SizeClass& to, std::uint32_t page) {
    pages_[page].owner = to.number;
    to.slabs.AddPage(page);
  }
  void RemovePage(SizeClass& from, std::uint32_t page) {
    from.slabs.RemovePage(page);
    pages_[page].owner = 0;
  }
  ItemHandle Insert(SizeClass& to, std::uint64_t hash) {
    const ItemHandle handle = to.slabs.Take();
    nodes_[handle].usage.store(0);
    to.policy.Insert(handle, hash, Arrival::kNew);
    return handle;
  }
  void Free(SizeClass& from, ItemHandle handle) {
    from.policy.Remove(handle);
    from.slabs.Give(handle);
  }
  // The small class had page 0, full, and has page 1: the handles that left with the one, and the
  // one in the other.
  std::pair<std::vector<ItemHandle>, ItemHandle> LosePageZero() {
    AddPage(small_, 0);
    std::vector<ItemHandle> left;
    for (std::size_t i = 0; i < small_.slabs.chunks_per_page(); ++i)
      left.push_back(Insert(small_, i));
    AddPage(small_, 1);
    const ItemHandle kept = Insert(small_, 100);
    for (const ItemHandle handle : left) Free(small_, handle);
    RemovePage(small_, 0);
    return {left, kept};
  }

  alignas(64) char memory_[kPages * kPageBytes] = {};
  NodeMap nodes_{memory_, 3};
  SlabPage pages_[kPages] = {};
  SizeClass small_{nodes_, pages_, 32, 1};
  SizeClass large_{nodes_, pages_, 48, 2};
};

TEST_F(S3FifoPolicyOfAClassTest, TheHandGoesRoundThePagesOfTheClass) {
  AddPage(small_, 0);
  AddPage(large_, 1);
  std::vector<ItemHandle> handles;
  while (const ItemHandle handle = small_.slabs.Take()) {
    nodes_[handle].usage.store(0);
    small_.policy.Insert(handle, handle, Arrival::kProtected);
    handles.push_back(handle);
  }
  Insert(large_, 1);
  for (int round = 0; round < 2; ++round) {
    for (const ItemHandle handle : handles) {
      ASSERT_EQ(small_.policy.Victim(), handle);
      small_.policy.Spare(handle);
    }
  }
}

TEST_F(S3FifoPolicyOfAClassTest, APageThatLeftIsNoLongerLookedAt) {
  const auto [left, kept] = LosePageZero();
  AddPage(large_, 0);
  // Chunks of both classes begin where the page does, and these have the same places and stamps in
  // both queues.
  std::vector<ItemHandle> others;
  for (std::size_t i = 0; i < large_.slabs.chunks_per_page(); ++i)
    others.push_back(Insert(large_, i));
  ASSERT_EQ(others.front(), left.front());
  std::vector<ItemHandle> next(2);
  EXPECT_EQ(small_.policy.Victim(), kept);
  ASSERT_EQ(small_.policy.Next(EvictionNode::kProbationQueue, absl::MakeSpan(next)), 1u);
  EXPECT_EQ(next[0], kept);
  Free(small_, kept);
  EXPECT_EQ(small_.policy.Victim(), kNoItem);
  EXPECT_EQ(large_.policy.Victim(), others.front());
}

TEST_F(S3FifoPolicyOfAClassTest, AnUncutChunkOfAPageThatCameBackIsNotLookedAt) {
  const auto [left, kept] = LosePageZero();
  // Whoever had the page meanwhile wrote what looks like a node.
  for (std::size_t i = 0; i < left.size(); ++i) {
    nodes_[left[i]].SetQueue(EvictionNode::kProbationQueue, static_cast<unsigned>(i % 32));
  }
  AddPage(small_, 0);
  EXPECT_EQ(small_.policy.Victim(), kept);
}

}  // namespace
}  // namespace ringcache::storage

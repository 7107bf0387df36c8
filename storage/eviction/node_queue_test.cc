#include "storage/eviction/node_queue.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "storage/eviction/policy_nodes.h"

namespace ringcache::storage {
namespace {

class NodeQueueTest : public testing::Test {
 protected:
  void Push(ItemHandle first, ItemHandle last) {
    for (ItemHandle handle = first; handle <= last; ++handle) queue_.PushBack(handle);
  }
  ItemHandle Pop() {
    const ItemHandle front = queue_.Front();
    if (front != kNoItem) queue_.Remove(front);
    return front;
  }
  std::vector<ItemHandle> PopAll() {
    std::vector<ItemHandle> popped;
    while (const ItemHandle front = Pop()) popped.push_back(front);
    return popped;
  }
  std::vector<ItemHandle> Next(std::size_t most) {
    std::vector<ItemHandle> next(most);
    next.resize(queue_.Next(absl::MakeSpan(next)));
    return next;
  }
  static std::uint32_t Seed() {
    const std::uint32_t seed = std::random_device()();
    std::printf("seed %u\n", seed);
    return seed;
  }

  using Handles = std::vector<ItemHandle>;
  // How many numbers a stamp tells apart.
  static constexpr ItemHandle kStamps = 1 << EvictionNode::kStampBits;
  // Left places that are kept though there be no node.
  static constexpr std::size_t kLeftPlacesKept = 256;

  PolicyNodes nodes_{80'000};
  NodeQueue queue_{nodes_.map(), &nodes_, EvictionNode::kProbationQueue};
};

TEST_F(NodeQueueTest, AWalkFindsInOrderWhatStaysAlsoIfItIsPutBack) {
  Push(1, 600);
  std::size_t place = 0;
  bool ended = false;
  std::vector<ItemHandle> found;
  for (std::vector<ItemHandle> nodes(50); !ended;) {
    const std::size_t count = queue_.Walk(&place, &ended, absl::MakeSpan(nodes));
    found.insert(found.end(), nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(count));
    // Nodes leave from behind until those in front are put back, over the walk's head.
    if (found.size() > 50) continue;
    for (ItemHandle handle = 101; handle <= 600; ++handle) queue_.Remove(handle);
  }
  ASSERT_GE(found.size(), 100u);
  EXPECT_TRUE(std::is_sorted(found.begin(), found.begin() + 50));
  EXPECT_EQ(std::set<ItemHandle>(found.begin(), found.end()).size(), 100u);
}

TEST_F(NodeQueueTest, IsEmptyAtFirst) {
  EXPECT_EQ(queue_.Front(), kNoItem);
  EXPECT_EQ(queue_.size(), 0u);
  EXPECT_EQ(queue_.places(), 0u);
  EXPECT_EQ(queue_.bytes(), 0u);
  EXPECT_TRUE(Next(3).empty());
}

TEST_F(NodeQueueTest, FirstInIsFirstOut) {
  Push(1, 1000);
  EXPECT_EQ(queue_.size(), 1000u);
  for (ItemHandle handle = 1; handle <= 1000; ++handle) {
    ASSERT_EQ(queue_.Front(), handle);
    ASSERT_EQ(nodes_[handle].queue(), EvictionNode::kProbationQueue);
    queue_.Remove(handle);
    ASSERT_EQ(nodes_[handle].queue(), EvictionNode::kNoQueue);
  }
  EXPECT_EQ(queue_.Front(), kNoItem);
  EXPECT_EQ(queue_.size(), 0u);
  EXPECT_EQ(queue_.places(), 0u);
}

TEST_F(NodeQueueTest, TheFrontStaysUntilItIsRemoved) {
  Push(1, 3);
  EXPECT_EQ(queue_.Front(), 1u);
  EXPECT_EQ(queue_.Front(), 1u);
  EXPECT_EQ(queue_.size(), 3u);
}

TEST_F(NodeQueueTest, NodesLeaveFromTheMiddle) {
  Push(1, 10);
  for (const ItemHandle handle : {2, 3, 7, 10}) {
    queue_.Remove(handle);
    EXPECT_EQ(nodes_[handle].queue(), EvictionNode::kNoQueue);
  }
  EXPECT_EQ(queue_.size(), 6u);
  EXPECT_EQ(PopAll(), (Handles{1, 4, 5, 6, 8, 9}));
}

TEST_F(NodeQueueTest, ANodeThatComesBackStandsAtItsNewPlace) {
  Push(1, 5);
  queue_.Remove(2);
  queue_.PushBack(2);
  EXPECT_EQ(queue_.size(), 5u);
  EXPECT_EQ(PopAll(), (Handles{1, 3, 4, 5, 2}));
}

TEST_F(NodeQueueTest, ANodeInAnotherQueueDoesNotStandAtItsLeftPlace) {
  Push(1, 3);
  queue_.Remove(1);
  // The stamp of the place that it left.
  nodes_[1].SetQueue(EvictionNode::kMainQueue, 0);
  EXPECT_EQ(PopAll(), (Handles{2, 3}));
}

TEST_F(NodeQueueTest, ANodeWhoseChunkHasGoneDoesNotStandAtItsLeftPlace) {
  Push(1, 3);
  queue_.Remove(1);
  nodes_.GiveAway(1);
  // Another class's node by now, which chances to have the stamp of the left place.
  nodes_[1].SetQueue(EvictionNode::kProbationQueue, 0);
  EXPECT_EQ(Next(3), (Handles{2, 3}));
  EXPECT_EQ(PopAll(), (Handles{2, 3}));
  EXPECT_EQ(nodes_[1].queue(), EvictionNode::kProbationQueue);
}

TEST_F(NodeQueueTest, EachOfTwoQueuesHasItsOwnNodes) {
  NodeQueue main(nodes_.map(), &nodes_, EvictionNode::kMainQueue);
  Push(1, 3);
  queue_.Remove(2);
  // The same place and stamp as in the other queue.
  for (const ItemHandle handle : {4, 2}) main.PushBack(handle);
  EXPECT_EQ(nodes_[2].queue(), EvictionNode::kMainQueue);
  EXPECT_EQ(main.size(), 2u);
  EXPECT_EQ(PopAll(), (Handles{1, 3}));
  EXPECT_EQ(main.Front(), 4u);
  main.PopFront();
  EXPECT_EQ(nodes_[4].queue(), EvictionNode::kNoQueue);
  EXPECT_EQ(main.Front(), 2u);
}

TEST_F(NodeQueueTest, ANodeThatIsPoppedAndComesBackStandsAtTheBackWhateverItsStamp) {
  Push(1, kStamps);
  for (ItemHandle handle = 1; handle <= 2 * kStamps; ++handle) {
    const ItemHandle front = queue_.Front();
    ASSERT_EQ(front, (handle - 1) % kStamps + 1);
    queue_.PopFront();
    EXPECT_EQ(nodes_[front].queue(), EvictionNode::kNoQueue);
    queue_.PushBack(front);
    EXPECT_EQ(queue_.size(), kStamps);
    EXPECT_EQ(queue_.places(), kStamps);
  }
}

// A left place fits by chance when its node comes back a multiple of 32 places later.
TEST_F(NodeQueueTest, ALeftPlaceThatFitsByChanceBringsItsNodeForwardOnce) {
  Push(1, kStamps);
  queue_.Remove(2);
  queue_.PushBack(kStamps + 1);
  queue_.PushBack(2);
  EXPECT_EQ(queue_.size(), kStamps + 1);
  const Handles popped = PopAll();
  EXPECT_EQ(queue_.size(), 0u);
  EXPECT_EQ(popped.size(), kStamps + 1);
  EXPECT_EQ(popped[0], 1u);
  EXPECT_EQ(popped[1], 2u);
  EXPECT_EQ((std::set<ItemHandle>(popped.begin(), popped.end()).size()), kStamps + 1);
}

TEST_F(NodeQueueTest, NextGivesAllThatThereIsRoomFor) {
  Push(1, 5000);
  Handles all(5000);
  std::iota(all.begin(), all.end(), 1);
  EXPECT_EQ(Next(10'000), all);
  // Left places take none of the room.
  for (ItemHandle handle = 2; handle < 2000; ++handle) queue_.Remove(handle);
  EXPECT_EQ(Next(10'000).size(), 5000u - 1998);
}

TEST_F(NodeQueueTest, NextMovesNoNode) {
  Push(1, 10);
  queue_.Remove(1);
  queue_.Remove(4);
  EXPECT_EQ(Next(3), (Handles{2, 3, 5}));
  EXPECT_EQ(Next(3), (Handles{2, 3, 5}));
  EXPECT_EQ(queue_.size(), 8u);
  EXPECT_EQ(Next(100), (Handles{2, 3, 5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(PopAll(), (Handles{2, 3, 5, 6, 7, 8, 9, 10}));
}

TEST_F(NodeQueueTest, OneCallPassesALimitedStretchOfLeftPlaces) {
  Push(1, 80'000);
  for (ItemHandle handle = 2; handle < 39'000; ++handle) queue_.Remove(handle);
  queue_.Remove(1);
  ASSERT_EQ(queue_.places(), 80'000u);
  EXPECT_EQ(queue_.Front(1000), kNoItem);
  EXPECT_EQ(queue_.places(), 79'000u);
  EXPECT_TRUE(Next(16).empty());
  // Each call goes on where the last one ended.
  for (int i = 0; i < 5; ++i) Next(16);
  EXPECT_EQ(Next(1), (Handles{39'000}));
  EXPECT_EQ(queue_.Front(1), 39'000u);
}

TEST_F(NodeQueueTest, FrontDropsTheLeftPlacesBeforeIt) {
  Push(1, 200);
  for (ItemHandle handle = 1; handle <= 150; ++handle) queue_.Remove(handle);
  EXPECT_EQ(queue_.places(), 200u);
  EXPECT_EQ(queue_.Front(), 151u);
  EXPECT_EQ(queue_.places(), 50u);
  EXPECT_EQ(queue_.bytes(), 50 * sizeof(ItemHandle));
}

TEST_F(NodeQueueTest, PlacesAreBoundedWhenNodesComeAndLeaveBehindAFrontThatStays) {
  Push(1, 100);
  for (int i = 0; i < 100'000; ++i) {
    const ItemHandle handle = 101 + static_cast<ItemHandle>(i % 1000);
    queue_.PushBack(handle);
    queue_.Remove(handle);
    ASSERT_EQ(queue_.size(), 100u);
    // Half a round of pushes is needed to get past the nodes that stay.
    ASSERT_LE(queue_.places(), 2 * 100 + kLeftPlacesKept + 100);
  }
  const Handles popped = PopAll();
  const std::set<ItemHandle> left(popped.begin(), popped.end());
  EXPECT_EQ(popped.size(), 100u);
  EXPECT_EQ(left.size(), 100u);
  EXPECT_EQ(*left.rbegin(), 100u);
}

TEST_F(NodeQueueTest, PlacesShrinkAgainAfterAllHaveLeft) {
  Push(1, 20'000);
  for (ItemHandle handle = 1; handle <= 20'000; ++handle) queue_.Remove(handle);
  EXPECT_LE(queue_.places(), 2 + kLeftPlacesKept + 1);
}

TEST_F(NodeQueueTest, ManyRoundsOfStampsKeepTheOrder) {
  ItemHandle expected = 1;
  Push(1, 1000);
  for (int i = 0; i < 100'000; ++i) {
    const ItemHandle popped = Pop();
    ASSERT_EQ(popped, expected);
    expected = expected % 1000 + 1;
    queue_.PushBack(popped);
  }
  // One may be that of the node that was popped last.
  EXPECT_LE(queue_.places(), 1001u);
}

// The queue as it would be with links, and the number of each push.
class LinkedModel {
 public:
  explicit LinkedModel(ItemHandle nodes) : pushes_(nodes + 1) {}
  void PushBack(ItemHandle handle) {
    order_.push_back(handle);
    pushes_[handle].push_back(number_++);
  }
  void Remove(ItemHandle handle) { order_.erase(std::find(order_.begin(), order_.end(), handle)); }
  bool Has(ItemHandle handle) const {
    return std::find(order_.begin(), order_.end(), handle) != order_.end();
  }
  // Whether an earlier push of the node has the stamp of its latest.
  bool MayComeEarly(ItemHandle handle) const {
    const std::vector<std::size_t>& pushes = pushes_[handle];
    return std::any_of(pushes.begin(), pushes.end() - 1, [&](std::size_t number) {
      return (pushes.back() - number) % (1 << EvictionNode::kStampBits) == 0;
    });
  }
  const std::deque<ItemHandle>& order() const { return order_; }
  std::size_t size() const { return order_.size(); }

 private:
  std::deque<ItemHandle> order_;
  std::vector<std::vector<std::size_t>> pushes_;
  std::size_t number_ = 0;
};

TEST_F(NodeQueueTest, AgreesWithAModelExceptThatLeftPlacesThatFitBringNodesForward) {
  constexpr ItemHandle kNodes = 400;
  std::mt19937 random(Seed());
  LinkedModel model(kNodes);
  int fronts = 0;
  int early = 0;
  for (int step = 0; step < 60'000; ++step) {
    const ItemHandle handle = random() % kNodes + 1;
    if (!model.Has(handle)) {
      queue_.PushBack(handle);
      model.PushBack(handle);
    } else if (random() % 3 == 0) {
      queue_.Remove(handle);
      model.Remove(handle);
    } else if (model.size() > kNodes / 2) {
      const Handles next = Next(1);
      const ItemHandle front = queue_.Front();
      ASSERT_TRUE(next.empty() || next[0] == front);
      ASSERT_TRUE(model.Has(front));
      ++fronts;
      if (front != model.order().front()) {
        ASSERT_TRUE(model.MayComeEarly(front));
        ++early;
      }
      queue_.Remove(front);
      model.Remove(front);
    }
    ASSERT_EQ(queue_.size(), model.size());
    // So few that no push moves a node: the order is that of the model.
    ASSERT_LE(queue_.places(), 2 * queue_.size() + kLeftPlacesKept);
  }
  std::printf("%d of %d fronts came early\n", early, fronts);
  EXPECT_GT(fronts, 5000);
  // About one in 32 of the nodes that came back to a queue in which they had left a place.
  EXPECT_LE(early, fronts / 16);
  for (ItemHandle handle = 1; handle <= kNodes; ++handle) {
    const bool here = nodes_[handle].queue() == EvictionNode::kProbationQueue;
    EXPECT_EQ(here, model.Has(handle)) << handle;
  }
  Handles popped = PopAll();
  Handles expected(model.order().begin(), model.order().end());
  std::sort(popped.begin(), popped.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(popped, expected);
}

TEST_F(NodeQueueTest, NoNodeIsLostOrDoubledWhateverLeaves) {
  constexpr ItemHandle kNodes = 5000;
  std::mt19937 random(Seed());
  std::set<ItemHandle> held;
  std::size_t most_held = 0;
  for (int step = 0; step < 300'000; ++step) {
    const ItemHandle handle = random() % kNodes + 1;
    // Phases in which the queue fills up, empties from the middle, and empties from the front.
    const int phase = step / 10'000 % 3;
    if (held.count(handle) == 0 && phase != 2) {
      queue_.PushBack(handle);
      held.insert(handle);
    } else if (held.count(handle) == 1 && phase == 1) {
      queue_.Remove(handle);
      held.erase(handle);
    } else if (phase == 2 && random() % 4 == 0) {
      const ItemHandle front = queue_.Front();
      ASSERT_EQ(front == kNoItem, held.empty());
      if (front == kNoItem) continue;
      ASSERT_EQ(held.erase(front), 1u);
      queue_.Remove(front);
    }
    most_held = std::max(most_held, held.size());
    ASSERT_EQ(queue_.size(), held.size());
    ASSERT_LE(queue_.places(), 3 * most_held + kLeftPlacesKept);
  }
  const Handles popped = PopAll();
  EXPECT_EQ(popped.size(), held.size());
  EXPECT_EQ(std::set<ItemHandle>(popped.begin(), popped.end()), held);
}

}  // namespace
}  // namespace ringcache::storage

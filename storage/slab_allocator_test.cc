#include "storage/slab_allocator.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::storage {
namespace {

constexpr std::size_t kPages = 4;
constexpr std::size_t kChunkBytes = 64;
constexpr std::size_t kChunksPerPage = 10;
// Not a multiple of the chunks: the rest of a page is never handed out.
constexpr std::size_t kSmallPageBytes = kChunkBytes * kChunksPerPage + 24;

class SlabAllocatorTest : public testing::Test {
 protected:
  char* BytesOf(ItemHandle handle) { return memory_ + nodes_.OffsetOf(handle); }
  // Takes a chunk and overwrites all of it, as an item does.
  ItemHandle TakeAndFill() {
    const ItemHandle handle = slabs_.Take();
    if (handle != kNoItem) {
      EXPECT_EQ(nodes_[handle].queue(), EvictionNode::kNoQueue);
      std::memset(BytesOf(handle), 0xee, kChunkBytes);
    }
    return handle;
  }
  std::vector<ItemHandle> TakeMany(std::size_t count) {
    std::vector<ItemHandle> taken;
    for (std::size_t i = 0; i < count; ++i) taken.push_back(TakeAndFill());
    return taken;
  }
  void GiveMany(const std::vector<ItemHandle>& handles) {
    for (const ItemHandle handle : handles) slabs_.Give(handle);
  }
  // Adds pages until there are `count`, with all their chunks in use.
  std::vector<ItemHandle> FillPages(std::uint32_t count) {
    std::vector<ItemHandle> taken;
    for (auto page = static_cast<std::uint32_t>(slabs_.pages()); page < count; ++page) {
      slabs_.AddPage(page);
      const std::vector<ItemHandle> more = TakeMany(kChunksPerPage);
      taken.insert(taken.end(), more.begin(), more.end());
    }
    return taken;
  }
  std::vector<ItemHandle> OnPage(const std::vector<ItemHandle>& handles, std::uint32_t page) const {
    std::vector<ItemHandle> on_page;
    for (const ItemHandle handle : handles) {
      if (slabs_.PageOf(handle) == page) on_page.push_back(handle);
    }
    return on_page;
  }

  // The next `count` chunks that the hand passes.
  std::vector<ItemHandle> Pass(ClockHand& hand, std::size_t count) const {
    std::vector<ItemHandle> passed;
    for (std::size_t i = 0; i < count; ++i) {
      passed.push_back(slabs_.At(hand));
      ++hand.slot;
    }
    return passed;
  }
  // From wherever the hand is, one turn passes each cut chunk once and ends where it began.
  void ExpectATurnPassesAllCutChunks(ClockHand hand) const {
    std::set<ItemHandle> cut;
    for (std::uint32_t i = 0; i < slabs_.pages(); ++i) {
      const std::uint32_t page = slabs_.PageAt({.page = i, .slot = 0});
      for (std::uint32_t slot = 0; slot < slabs_.CutChunks(page); ++slot) {
        ASSERT_TRUE(cut.insert(slabs_.ChunkAt(page, slot)).second);
      }
    }
    const ItemHandle first = slabs_.At(hand);
    const std::vector<ItemHandle> passed = Pass(hand, cut.size());
    ASSERT_EQ(std::set<ItemHandle>(passed.begin(), passed.end()), cut);
    ASSERT_EQ(slabs_.At(hand), first);
  }

  alignas(8) char memory_[kPages * kSmallPageBytes] = {};
  std::array<SlabPage, kPages> table_{};
  NodeMap nodes_{memory_, 3};
  SlabAllocator slabs_{nodes_, table_.data(), kSmallPageBytes, kChunkBytes};
};

TEST_F(SlabAllocatorTest, CutChunksOfAPageThatComesCutCountAsTaken) {
  slabs_.AddCutPage(2, 4);
  EXPECT_EQ(slabs_.used_chunks(), 4u);
  EXPECT_EQ(slabs_.CutChunks(2), 4u);
  slabs_.Give(slabs_.ChunkAt(2, 1));
  // The free one, then those that were never cut.
  EXPECT_EQ(TakeAndFill(), slabs_.ChunkAt(2, 1));
  EXPECT_EQ(TakeAndFill(), slabs_.ChunkAt(2, 4));
  EXPECT_EQ(slabs_.used_chunks(), 5u);
}

TEST_F(SlabAllocatorTest, APageThatComesFullHasRoomOnceAChunkIsGiven) {
  slabs_.AddPage(0);
  slabs_.AddCutPage(1, kChunksPerPage);
  EXPECT_EQ(slabs_.PageOf(TakeAndFill()), 0u);
  GiveMany({slabs_.ChunkAt(1, 9)});
  const std::vector<ItemHandle> rest = TakeMany(kChunksPerPage);
  EXPECT_EQ(OnPage(rest, 1), (std::vector<ItemHandle>{slabs_.ChunkAt(1, 9)}));
  EXPECT_FALSE(slabs_.HasFreeChunk());
}

TEST_F(SlabAllocatorTest, HasNothingBeforeItsFirstPage) {
  EXPECT_EQ(slabs_.Take(), kNoItem);
  EXPECT_EQ(slabs_.pages(), 0u);
  EXPECT_EQ(slabs_.free_chunks(), 0u);
  EXPECT_FALSE(slabs_.HasFreeChunk());
}

TEST_F(SlabAllocatorTest, CutsPagesIntoChunksThatDoNotOverlap) {
  EXPECT_EQ(slabs_.chunks_per_page(), kChunksPerPage);
  std::set<ItemHandle> taken;
  for (std::uint32_t page = 0; page < kPages; ++page) {
    slabs_.AddPage(page);
    for (std::size_t i = 0; i < kChunksPerPage; ++i) {
      const ItemHandle handle = TakeAndFill();
      ASSERT_NE(handle, kNoItem);
      const std::size_t in_page = nodes_.OffsetOf(handle) - page * kSmallPageBytes;
      EXPECT_EQ(in_page % kChunkBytes, 0u);
      EXPECT_LT(in_page, kChunksPerPage * kChunkBytes);
      EXPECT_EQ(slabs_.PageOf(handle), page);
      EXPECT_TRUE(taken.insert(handle).second);
    }
    EXPECT_EQ(slabs_.Take(), kNoItem);
    EXPECT_FALSE(slabs_.HasFreeChunk());
  }
  EXPECT_EQ(slabs_.used_chunks(), kPages * kChunksPerPage);
  EXPECT_EQ(slabs_.free_chunks(), 0u);
}

TEST_F(SlabAllocatorTest, TakesPagesInAnyOrder) {
  slabs_.AddPage(2);
  EXPECT_EQ(slabs_.PageOf(slabs_.Take()), 2u);
  EXPECT_EQ(slabs_.PageAt({}), 2u);
}

TEST_F(SlabAllocatorTest, GivesTheMostRecentlyFreedChunkFirst) {
  slabs_.AddPage(0);
  const std::vector<ItemHandle> taken = TakeMany(4);
  slabs_.Give(taken[2]);
  slabs_.Give(taken[0]);
  slabs_.Give(taken[3]);
  EXPECT_EQ(slabs_.used_chunks(), 1u);
  EXPECT_EQ(slabs_.free_chunks(), kChunksPerPage - 1);
  EXPECT_EQ(slabs_.Take(), taken[3]);
  EXPECT_EQ(slabs_.Take(), taken[0]);
  EXPECT_EQ(slabs_.Take(), taken[2]);
  EXPECT_EQ(slabs_.used_chunks(), 4u);
}

TEST_F(SlabAllocatorTest, CutsNoFreshChunkWhileThePageHasAFreedOne) {
  slabs_.AddPage(0);
  const std::vector<ItemHandle> taken = TakeMany(3);
  GiveMany(taken);
  TakeMany(3);
  EXPECT_EQ(slabs_.CutChunks(0), 3u);
  TakeMany(1);
  EXPECT_EQ(slabs_.CutChunks(0), 4u);
}

TEST_F(SlabAllocatorTest, AChunkOfAFullPageIsTakenAgain) {
  const std::vector<ItemHandle> taken = FillPages(3);
  slabs_.Give(taken[1]);
  EXPECT_TRUE(slabs_.HasFreeChunk());
  EXPECT_EQ(slabs_.Take(), taken[1]);
  EXPECT_EQ(slabs_.Take(), kNoItem);
}

TEST_F(SlabAllocatorTest, AChunkThatIsGivenBackIsInNoQueue) {
  slabs_.AddPage(0);
  const ItemHandle handle = slabs_.Take();
  nodes_[handle].SetQueue(EvictionNode::kMainQueue, 7);
  slabs_.Give(handle);
  EXPECT_EQ(nodes_[handle].queue(), EvictionNode::kNoQueue);
}

TEST_F(SlabAllocatorTest, NoChunkOfADrainingPageIsHandedOut) {
  slabs_.AddPage(0);
  const std::vector<ItemHandle> taken = TakeMany(3);
  slabs_.Give(taken[1]);
  slabs_.StartDraining(0);
  EXPECT_TRUE(slabs_.IsDraining(0));
  EXPECT_FALSE(slabs_.HasFreeChunk());
  EXPECT_EQ(slabs_.Take(), kNoItem);
  slabs_.Give(taken[0]);
  EXPECT_EQ(slabs_.Take(), kNoItem);
  slabs_.AddPage(1);
  for (const ItemHandle handle : TakeMany(kChunksPerPage)) EXPECT_EQ(slabs_.PageOf(handle), 1u);
  EXPECT_EQ(slabs_.Take(), kNoItem);
}

TEST_F(SlabAllocatorTest, ADrainingPageIsEmptyOnceAllItsChunksAreGivenBack) {
  const std::vector<ItemHandle> taken = FillPages(2);
  slabs_.StartDraining(0);
  for (const ItemHandle handle : OnPage(taken, 0)) {
    EXPECT_FALSE(slabs_.IsEmpty(0));
    slabs_.Give(handle);
    EXPECT_EQ(slabs_.Take(), kNoItem);
  }
  EXPECT_TRUE(slabs_.IsEmpty(0));
  slabs_.RemovePage(0);
  EXPECT_EQ(slabs_.pages(), 1u);
  EXPECT_EQ(slabs_.PageAt({}), 1u);
  EXPECT_EQ(slabs_.used_chunks(), kChunksPerPage);
  EXPECT_EQ(slabs_.free_chunks(), 0u);
  EXPECT_EQ(slabs_.Take(), kNoItem);
}

TEST_F(SlabAllocatorTest, DrainingOnePageLeavesTheOthersInUse) {
  const std::vector<ItemHandle> taken = FillPages(3);
  GiveMany(taken);
  slabs_.StartDraining(1);
  for (const ItemHandle handle : TakeMany(2 * kChunksPerPage)) EXPECT_NE(slabs_.PageOf(handle), 1u);
  EXPECT_EQ(slabs_.Take(), kNoItem);
  EXPECT_EQ(slabs_.free_chunks(), kChunksPerPage);
}

TEST_F(SlabAllocatorTest, AnEmptyPageIsRemovedWithoutDraining) {
  slabs_.AddPage(0);
  slabs_.RemovePage(0);
  EXPECT_EQ(slabs_.pages(), 0u);
  EXPECT_EQ(slabs_.free_chunks(), 0u);
  EXPECT_EQ(slabs_.Take(), kNoItem);
}

TEST_F(SlabAllocatorTest, StopDrainingPutsThePageBack) {
  slabs_.AddPage(0);
  const std::vector<ItemHandle> taken = TakeMany(3);
  slabs_.StartDraining(0);
  slabs_.Give(taken[2]);
  slabs_.StopDraining(0);
  EXPECT_FALSE(slabs_.IsDraining(0));
  EXPECT_EQ(slabs_.Take(), taken[2]);
  std::set<ItemHandle> used(taken.begin(), taken.end());
  for (const ItemHandle handle : TakeMany(kChunksPerPage - 3)) {
    ASSERT_NE(handle, kNoItem);
    EXPECT_TRUE(used.insert(handle).second);
  }
  EXPECT_EQ(slabs_.Take(), kNoItem);
}

TEST_F(SlabAllocatorTest, AFullPageThatStopsDrainingHasNothingToTake) {
  const std::vector<ItemHandle> taken = FillPages(1);
  slabs_.StartDraining(0);
  slabs_.StopDraining(0);
  EXPECT_FALSE(slabs_.HasFreeChunk());
  EXPECT_EQ(slabs_.Take(), kNoItem);
  slabs_.Give(taken[4]);
  EXPECT_EQ(slabs_.Take(), taken[4]);
}

TEST_F(SlabAllocatorTest, StartingAndStoppingTwiceIsStartingAndStoppingOnce) {
  slabs_.AddPage(0);
  slabs_.StartDraining(0);
  slabs_.StartDraining(0);
  EXPECT_EQ(slabs_.Take(), kNoItem);
  slabs_.StopDraining(0);
  slabs_.StopDraining(0);
  TakeMany(kChunksPerPage);
  EXPECT_FALSE(slabs_.HasFreeChunk());
  EXPECT_EQ(slabs_.Take(), kNoItem);
}

TEST_F(SlabAllocatorTest, APageThatComesBackIsCutAfresh) {
  GiveMany(FillPages(1));
  slabs_.RemovePage(0);
  std::memset(memory_, 0xff, sizeof(memory_));
  slabs_.AddPage(0);
  EXPECT_FALSE(slabs_.IsDraining(0));
  EXPECT_TRUE(slabs_.IsEmpty(0));
  EXPECT_EQ(slabs_.CutChunks(0), 0u);
  EXPECT_EQ(slabs_.free_chunks(), kChunksPerPage);
  const std::vector<ItemHandle> taken = TakeMany(kChunksPerPage);
  EXPECT_EQ(std::set<ItemHandle>(taken.begin(), taken.end()).size(), kChunksPerPage);
  EXPECT_EQ(OnPage(taken, 0).size(), kChunksPerPage);
  EXPECT_EQ(slabs_.Take(), kNoItem);
}

TEST_F(SlabAllocatorTest, APageIsCutForTheSizeOfItsNewOwner) {
  constexpr std::size_t kLargeChunk = 2 * kChunkBytes;
  SlabAllocator larger(nodes_, table_.data(), kSmallPageBytes, kLargeChunk);
  const std::vector<ItemHandle> taken = FillPages(2);
  slabs_.StartDraining(1);
  GiveMany(OnPage(taken, 1));
  slabs_.RemovePage(1);
  larger.AddPage(1);
  EXPECT_EQ(larger.chunks_per_page(), kChunksPerPage / 2);
  for (std::size_t i = 0; i < kChunksPerPage / 2; ++i) {
    const ItemHandle handle = larger.Take();
    EXPECT_EQ(nodes_.OffsetOf(handle), kSmallPageBytes + i * kLargeChunk);
  }
  EXPECT_EQ(larger.Take(), kNoItem);
  EXPECT_EQ(slabs_.used_chunks(), kChunksPerPage);
}

TEST_F(SlabAllocatorTest, TheHandHasNothingToPassBeforeAChunkIsCut) {
  ClockHand hand{.page = 3, .slot = 5};
  EXPECT_EQ(slabs_.At(hand), kNoItem);
  slabs_.AddPage(0);
  slabs_.AddPage(1);
  EXPECT_EQ(slabs_.At(hand), kNoItem);
  EXPECT_EQ(slabs_.At(hand), kNoItem);
  const ItemHandle only = slabs_.Take();
  EXPECT_EQ(slabs_.At(hand), only);
}

TEST_F(SlabAllocatorTest, TheHandStaysUntilItIsMoved) {
  FillPages(1);
  ClockHand hand;
  const ItemHandle first = slabs_.At(hand);
  EXPECT_EQ(slabs_.At(hand), first);
  ++hand.slot;
  EXPECT_NE(slabs_.At(hand), first);
}

TEST_F(SlabAllocatorTest, TheHandPassesTheChunksOfAPageInMemoryOrder) {
  const std::vector<ItemHandle> taken = FillPages(2);
  // Free chunks too: whoever moves the hand looks at what is in them.
  slabs_.Give(taken[0]);
  slabs_.Give(taken[15]);
  ClockHand hand;
  EXPECT_EQ(Pass(hand, taken.size()), taken);
  EXPECT_EQ(Pass(hand, taken.size()), taken);
}

TEST_F(SlabAllocatorTest, ATurnPassesEachCutChunkOnce) {
  FillPages(2);
  slabs_.AddPage(3);
  slabs_.AddPage(2);
  TakeMany(3);
  // The page at the hand's place may also be one without chunks, or be drained.
  slabs_.StartDraining(0);
  for (std::uint32_t page = 0; page < kPages; ++page) {
    for (std::uint32_t slot = 0; slot <= kChunksPerPage; ++slot) {
      ExpectATurnPassesAllCutChunks({.page = page, .slot = slot});
    }
  }
}

TEST_F(SlabAllocatorTest, TheHandSurvivesTheRemovalOfAnyPage) {
  for (std::uint32_t at = 0; at < 3; ++at) {
    for (std::uint32_t removed = 0; removed < 3; ++removed) {
      const std::vector<ItemHandle> taken = FillPages(3);
      ClockHand hand;
      Pass(hand, at * kChunksPerPage + 4);
      GiveMany(OnPage(taken, removed));
      slabs_.RemovePage(removed);
      const ItemHandle next = slabs_.At(hand);
      ASSERT_NE(next, kNoItem);
      EXPECT_NE(slabs_.PageOf(next), removed);
      ExpectATurnPassesAllCutChunks(hand);
      for (std::uint32_t page = 0; page < 3; ++page) {
        if (page == removed) continue;
        GiveMany(OnPage(taken, page));
        slabs_.RemovePage(page);
      }
      EXPECT_EQ(slabs_.At(hand), kNoItem);
    }
  }
}

TEST_F(SlabAllocatorTest, RemovingAPageTheHandIsNotOnLeavesTheHand) {
  const std::vector<ItemHandle> taken = FillPages(3);
  ClockHand hand;
  Pass(hand, 4);
  GiveMany(OnPage(taken, 1));
  slabs_.RemovePage(1);
  EXPECT_EQ(slabs_.At(hand), taken[4]);
}

// What each page should be, told from the calls alone.
class SlabAllocatorModelTest : public SlabAllocatorTest {
 protected:
  struct Page {
    bool owned = false;
    bool draining = false;
    std::vector<ItemHandle> used;
    std::set<ItemHandle> cut;
  };

  void Step() {
    const auto number = static_cast<std::uint32_t>(random_() % kPages);
    Page& page = pages_[number];
    switch (random_() % 16) {
      case 0:
        return page.owned ? Remove(number) : Add(number);
      case 1:
        if (!page.owned) return;
        page.draining ? slabs_.StopDraining(number) : slabs_.StartDraining(number);
        page.draining = !page.draining;
        return;
      case 2:  // a burst empties pages often enough for them to be removed
        while (!page.used.empty()) GiveOne(page);
        return;
      case 3:
      case 4:
      case 5:
      case 6:
      case 7:
      case 8:
        if (!page.used.empty()) GiveOne(page);
        return;
      default:
        TakeOne();
    }
  }

  void CheckCounts() const {
    std::size_t owned = 0;
    std::size_t used = 0;
    for (std::uint32_t number = 0; number < kPages; ++number) {
      const Page& page = pages_[number];
      if (!page.owned) continue;
      ++owned;
      used += page.used.size();
      ASSERT_EQ(slabs_.IsEmpty(number), page.used.empty());
      ASSERT_EQ(slabs_.IsDraining(number), page.draining);
      ASSERT_EQ(slabs_.CutChunks(number), page.cut.size());
    }
    ASSERT_EQ(slabs_.pages(), owned);
    ASSERT_EQ(slabs_.used_chunks(), used);
    ASSERT_EQ(slabs_.free_chunks(), owned * kChunksPerPage - used);
    ASSERT_EQ(slabs_.HasFreeChunk(), MayTake());
  }

  void CheckOrder() {
    std::set<ItemHandle> cut;
    for (const Page& page : pages_) cut.insert(page.cut.begin(), page.cut.end());
    if (cut.empty()) {
      ASSERT_EQ(slabs_.At(hand_), kNoItem);
      return;
    }
    const std::vector<ItemHandle> passed = Pass(hand_, cut.size());
    ASSERT_EQ(std::set<ItemHandle>(passed.begin(), passed.end()), cut);
    Pass(hand_, random_() % 7);  // the next turn begins elsewhere
  }

  std::mt19937 random_;

 private:
  bool MayTake() const {
    return std::any_of(pages_.begin(), pages_.end(), [](const Page& page) {
      return page.owned && !page.draining && page.used.size() < kChunksPerPage;
    });
  }
  void Add(std::uint32_t number) {
    slabs_.AddPage(number);
    pages_[number].owned = true;
  }
  void Remove(std::uint32_t number) {
    if (!pages_[number].used.empty()) return;
    slabs_.RemovePage(number);
    pages_[number] = {};
  }
  void TakeOne() {
    const bool may_take = MayTake();
    const ItemHandle handle = TakeAndFill();
    ASSERT_EQ(handle != kNoItem, may_take);
    if (handle == kNoItem) return;
    Page& page = pages_[slabs_.PageOf(handle)];
    ASSERT_TRUE(page.owned && !page.draining);
    ASSERT_EQ(std::count(page.used.begin(), page.used.end(), handle), 0);
    page.used.push_back(handle);
    page.cut.insert(handle);
  }
  void GiveOne(Page& page) {
    std::swap(page.used[random_() % page.used.size()], page.used.back());
    const ItemHandle handle = page.used.back();
    page.used.pop_back();
    slabs_.Give(handle);
  }

  std::array<Page, kPages> pages_;
  ClockHand hand_;
};

TEST_F(SlabAllocatorModelTest, RandomCallsKeepPagesAndChunksConsistent) {
  const std::uint32_t seed = std::random_device()();
  std::printf("seed %u\n", seed);
  random_.seed(seed);
  for (int step = 0; step < 100'000; ++step) {
    SCOPED_TRACE(step);
    Step();
    CheckCounts();
    if (random_() % 16 == 0) CheckOrder();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace ringcache::storage

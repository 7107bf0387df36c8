#include "storage/slab_allocator.h"

#include <cstddef>
#include <set>

#include "gtest/gtest.h"

namespace ringcache::storage {
namespace {

class SlabAllocatorTest : public testing::Test {
 protected:
  static constexpr std::size_t kChunkBytes = 64;
  static constexpr std::size_t kChunksPerPage = 10;

  char* Page(std::size_t number) { return &memory_[number * kChunkBytes * kChunksPerPage]; }

  alignas(8) char memory_[2 * kChunkBytes * kChunksPerPage] = {};
  NodeMap nodes_{memory_, 3};
  SlabAllocator slabs_{nodes_, kChunkBytes, kChunksPerPage};
};

TEST_F(SlabAllocatorTest, HasNothingBeforeItsFirstPage) {
  EXPECT_EQ(slabs_.Take(), kNoItem);
  EXPECT_EQ(slabs_.pages(), 0u);
  EXPECT_EQ(slabs_.free_chunks(), 0u);
}

TEST_F(SlabAllocatorTest, CutsPagesIntoChunksThatDoNotOverlap) {
  std::set<ItemHandle> taken;
  for (std::size_t page = 0; page < 2; ++page) {
    slabs_.AddPage(Page(page));
    for (std::size_t i = 0; i < kChunksPerPage; ++i) {
      const ItemHandle handle = slabs_.Take();
      ASSERT_NE(handle, kNoItem);
      const char* const at = reinterpret_cast<const char*>(&nodes_[handle]);
      EXPECT_EQ(static_cast<std::size_t>(at - memory_) % kChunkBytes, 0u);
      EXPECT_LE(at + kChunkBytes, memory_ + sizeof(memory_));
      EXPECT_TRUE(taken.insert(handle).second);
    }
    EXPECT_EQ(slabs_.Take(), kNoItem);
  }
  EXPECT_EQ(slabs_.used_chunks(), 2 * kChunksPerPage);
}

TEST_F(SlabAllocatorTest, GivesTheMostRecentlyFreedChunkFirst) {
  slabs_.AddPage(Page(0));
  const ItemHandle first = slabs_.Take();
  const ItemHandle second = slabs_.Take();
  slabs_.Give(first);
  slabs_.Give(second);
  EXPECT_EQ(slabs_.free_chunks(), kChunksPerPage);
  EXPECT_EQ(slabs_.Take(), second);
  EXPECT_EQ(slabs_.Take(), first);
  EXPECT_EQ(slabs_.used_chunks(), 2u);
}

}  // namespace
}  // namespace ringcache::storage

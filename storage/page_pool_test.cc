#include "storage/page_pool.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::storage {
namespace {

TEST(PagePoolTest, HandsOutPagesUpToTheLimitAndThenSpareOnes) {
  absl::StatusOr<PagePool> pool = PagePool::Create(/*limit_pages=*/2, /*spare_pages=*/1);
  ASSERT_TRUE(pool.ok()) << pool.status();
  char* const first = pool->Take(7);
  char* const second = pool->Take(8);
  EXPECT_EQ(first, pool->base());
  EXPECT_EQ(second, pool->base() + kPageBytes);
  EXPECT_EQ(pool->Take(7), nullptr);
  EXPECT_EQ(pool->TakeSpare(9), pool->base() + 2 * kPageBytes);
  EXPECT_EQ(pool->TakeSpare(9), nullptr);
  EXPECT_EQ(pool->taken_pages(), 3u);
}

TEST(PagePoolTest, RemembersTheOwnerOfEveryByte) {
  absl::StatusOr<PagePool> pool = PagePool::Create(2, 0);
  ASSERT_TRUE(pool.ok()) << pool.status();
  pool->Take(3);
  pool->Take(200);
  EXPECT_EQ(pool->OwnerOf(0), 3);
  EXPECT_EQ(pool->OwnerOf(kPageBytes - 1), 3);
  EXPECT_EQ(pool->OwnerOf(kPageBytes), 200);
  EXPECT_EQ(pool->OwnerOf(2 * kPageBytes - 1), 200);
}

TEST(PagePoolTest, PagesAreZeroAndAlignedToHugePages) {
  absl::StatusOr<PagePool> pool = PagePool::Create(1, 0);
  ASSERT_TRUE(pool.ok()) << pool.status();
  const char* const page = pool->Take(0);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(page) % (std::size_t{2} << 20), 0u);
  for (std::size_t at = 0; at < kPageBytes; at += 4096) ASSERT_EQ(page[at], 0);
}

TEST(PagePoolTest, ThreadsTogetherTakeEachPageOnce) {
  constexpr std::size_t kPages = 64;
  absl::StatusOr<PagePool> pool = PagePool::Create(kPages, 0);
  ASSERT_TRUE(pool.ok()) << pool.status();
  std::vector<std::atomic<int>> times(kPages);
  std::vector<std::thread> threads;
  for (std::uint8_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      while (const char* const page = pool->Take(t)) {
        ++times[static_cast<std::size_t>(page - pool->base()) / kPageBytes];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::atomic<int>& taken : times) EXPECT_EQ(taken.load(), 1);
}

}  // namespace
}  // namespace ringcache::storage

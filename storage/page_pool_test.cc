#include "storage/page_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::storage {
namespace {

constexpr std::uint8_t kAnyClass = 7;

class PagePoolTest : public testing::Test {
 protected:
  void MakePool(std::size_t max_pages) {
    absl::StatusOr<std::unique_ptr<PagePool>> pool = PagePool::Create(max_pages);
    ASSERT_TRUE(pool.ok()) << pool.status();
    pool_ = *std::move(pool);
  }
  char* BytesOf(std::uint32_t page) const { return pool_->base() + page * kPageBytes; }
  bool IsFilledWith(std::uint32_t page, char byte) const {
    const char* const bytes = BytesOf(page);
    return std::all_of(bytes, bytes + kPageBytes, [byte](char other) { return other == byte; });
  }

  std::unique_ptr<PagePool> pool_;
};

TEST_F(PagePoolTest, HandsOutPagesUpToWhatIsAllowed) {
  MakePool(3);
  EXPECT_EQ(pool_->max_pages(), 3u);
  EXPECT_EQ(pool_->Take(0, kAnyClass), PagePool::kNoPage);
  EXPECT_EQ(pool_->Take(2, kAnyClass), 0u);
  EXPECT_EQ(pool_->Take(2, kAnyClass), 1u);
  EXPECT_EQ(pool_->Take(2, kAnyClass), PagePool::kNoPage);
  EXPECT_EQ(pool_->taken_pages(), 2u);
}

// Whether the system has given memory to the page.
bool IsResident(char* page) {
  std::array<unsigned char, kPageBytes / 4096> resident{};
  EXPECT_EQ(mincore(page, kPageBytes, resident.data()), 0);
  return std::all_of(resident.begin(), resident.end(), [](unsigned char of) { return of & 1; });
}

TEST_F(PagePoolTest, HasMemoryForWhatComesNextAndNotForMore) {
  MakePool(64);
  EXPECT_FALSE(pool_->PopulateAhead(64)) << "nobody uses it yet";
  EXPECT_FALSE(IsResident(BytesOf(0)));
  for (int i = 0; i < 4; ++i) pool_->Take(64, kAnyClass);
  std::memset(BytesOf(0), 'x', 4 * kPageBytes);
  while (pool_->PopulateAhead(64)) {
  }
  for (std::uint32_t page = 0; page < 8; ++page) EXPECT_TRUE(IsResident(BytesOf(page))) << page;
  EXPECT_FALSE(IsResident(BytesOf(12)));
  EXPECT_TRUE(IsFilledWith(3, 'x'));
  EXPECT_FALSE(pool_->PopulateAhead(64));
}

TEST_F(PagePoolTest, TakesNoMemoryForPagesThatAreNotAllowed) {
  MakePool(64);
  for (int i = 0; i < 20; ++i) pool_->Take(64, kAnyClass);
  while (pool_->PopulateAhead(22)) {
  }
  EXPECT_TRUE(IsResident(BytesOf(21)));
  EXPECT_FALSE(IsResident(BytesOf(24)));
}

TEST_F(PagePoolTest, APageThatIsReturnedForOthersKeepsItsMemory) {
  MakePool(4);
  for (int i = 0; i < 4; ++i) pool_->Take(4, kAnyClass);
  std::memset(BytesOf(0), 'x', 4 * kPageBytes);
  pool_->Return(1, /*to_system=*/false);
  EXPECT_TRUE(IsResident(BytesOf(1)));
  EXPECT_EQ(pool_->taken_pages(), 3u);
  EXPECT_EQ(pool_->Take(4, kAnyClass), 1u);
}

TEST_F(PagePoolTest, HandsOutNoMoreThanItHasWhateverIsAllowed) {
  MakePool(2);
  pool_->Take(100, kAnyClass);
  pool_->Take(100, kAnyClass);
  EXPECT_EQ(pool_->Take(100, kAnyClass), PagePool::kNoPage);
  EXPECT_EQ(pool_->taken_pages(), 2u);
}

TEST_F(PagePoolTest, FollowsABoundThatChanges) {
  MakePool(4);
  for (int i = 0; i < 3; ++i) pool_->Take(3, kAnyClass);
  EXPECT_EQ(pool_->Take(2, kAnyClass), PagePool::kNoPage);
  pool_->Return(0, /*to_system=*/true);
  EXPECT_EQ(pool_->Take(2, kAnyClass), PagePool::kNoPage);
  pool_->Return(1, /*to_system=*/true);
  EXPECT_NE(pool_->Take(2, kAnyClass), PagePool::kNoPage);
  EXPECT_EQ(pool_->Take(2, kAnyClass), PagePool::kNoPage);
  EXPECT_NE(pool_->Take(4, kAnyClass), PagePool::kNoPage);
  EXPECT_NE(pool_->Take(4, kAnyClass), PagePool::kNoPage);
  EXPECT_EQ(pool_->taken_pages(), 4u);
}

TEST_F(PagePoolTest, ThoseOfAnEarlierPoolAreTakenWithTheirOwnersTheOthersAreFree) {
  constexpr std::uint8_t kNone = 0xff;
  MakePool(6);
  pool_->TakeAll({kNone, 3, kNone, 0, kNone});
  EXPECT_EQ(pool_->taken_pages(), 2u);
  EXPECT_EQ(pool_->OwnerOf(1 * kPageBytes), 3);
  EXPECT_EQ(pool_->OwnerOf(4 * kPageBytes - 1), 0);
  std::vector<std::uint32_t> taken;
  for (int i = 0; i < 4; ++i) taken.push_back(pool_->Take(6, kAnyClass));
  EXPECT_EQ(taken, (std::vector<std::uint32_t>{0, 2, 4, 5}));
  EXPECT_EQ(pool_->Take(7, kAnyClass), PagePool::kNoPage);
}

TEST_F(PagePoolTest, ReturnedPagesAreReusedBeforeFreshOnes) {
  MakePool(4);
  for (int i = 0; i < 3; ++i) pool_->Take(4, kAnyClass);
  pool_->Return(1, /*to_system=*/true);
  EXPECT_EQ(pool_->taken_pages(), 2u);
  EXPECT_EQ(pool_->Take(4, kAnyClass), 1u);
  EXPECT_EQ(pool_->Take(4, kAnyClass), 3u);
  EXPECT_EQ(pool_->Take(4, kAnyClass), PagePool::kNoPage);
}

TEST_F(PagePoolTest, RemembersTheOwnerOfEveryByte) {
  MakePool(2);
  pool_->Take(2, 0);
  pool_->Take(2, 200);
  EXPECT_EQ(pool_->OwnerOf(0), 0);
  EXPECT_EQ(pool_->OwnerOf(kPageBytes - 1), 0);
  EXPECT_EQ(pool_->OwnerOf(kPageBytes), 200);
  EXPECT_EQ(pool_->OwnerOf(2 * kPageBytes - 1), 200);
}

TEST_F(PagePoolTest, APageThatIsPassedOnStaysTakenAndChangesItsOwner) {
  MakePool(2);
  pool_->Take(2, 3);
  pool_->Take(2, 3);
  std::memset(BytesOf(0), 'x', kPageBytes);
  pool_->PassOn(0, 9);
  EXPECT_EQ(pool_->OwnerOf(0), 9);
  EXPECT_EQ(pool_->OwnerOf(kPageBytes), 3);
  EXPECT_EQ(pool_->taken_pages(), 2u);
  EXPECT_TRUE(IsFilledWith(0, 'x'));
}

TEST_F(PagePoolTest, AReturnedPageHasNoOwnerUntilItIsTaken) {
  MakePool(2);
  EXPECT_EQ(pool_->table()[0].owner.load(), 0);
  pool_->Take(2, 3);
  EXPECT_NE(pool_->table()[0].owner.load(), 0);
  pool_->Return(0, /*to_system=*/true);
  EXPECT_EQ(pool_->table()[0].owner.load(), 0);
  pool_->Take(2, 5);
  EXPECT_EQ(pool_->OwnerOf(0), 5);
}

TEST_F(PagePoolTest, PagesAreZeroAndAlignedToHugePages) {
  MakePool(1);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(pool_->base()) % (std::size_t{2} << 20), 0u);
  EXPECT_TRUE(IsFilledWith(pool_->Take(1, kAnyClass), 0));
}

TEST_F(PagePoolTest, TheMemoryOfAReturnedPageGoesBackToTheSystem) {
  // Three, so that one has a neighbour within a huge page and one beyond it.
  MakePool(3);
  for (std::uint32_t page = 0; page < 3; ++page) {
    ASSERT_EQ(pool_->Take(3, kAnyClass), page);
    std::memset(BytesOf(page), 'x', kPageBytes);
  }
  pool_->Return(1, /*to_system=*/true);
  ASSERT_EQ(pool_->Take(3, kAnyClass), 1u);
  EXPECT_TRUE(IsFilledWith(1, 0));
  EXPECT_TRUE(IsFilledWith(0, 'x'));
  EXPECT_TRUE(IsFilledWith(2, 'x'));
}

TEST_F(PagePoolTest, ThreadsTogetherTakeEachPageOnce) {
  constexpr std::size_t kPages = 64;
  MakePool(kPages);
  std::vector<std::atomic<int>> times(kPages);
  std::vector<std::thread> threads;
  for (std::uint8_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint32_t page; (page = pool_->Take(kPages, t)) != PagePool::kNoPage;) {
        ++times[page];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::atomic<int>& taken : times) EXPECT_EQ(taken.load(), 1);
  EXPECT_EQ(pool_->taken_pages(), kPages);
}

// Threads that take and return pages at random, and note what they hold.
class PagePoolThreadsTest : public PagePoolTest {
 protected:
  static constexpr std::size_t kMaxPages = 12;
  static constexpr std::size_t kAllowed = 8;
  static constexpr int kSteps = 5'000;

  void TakeAndReturn(std::uint8_t thread, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<std::uint32_t> mine;
    for (int step = 0; step < kSteps; ++step) {
      // More takes than returns, so that the bound is reached.
      if (random() % 5 < 3) {
        TakeOne(thread, mine);
      } else if (!mine.empty()) {
        std::swap(mine[random() % mine.size()], mine.back());
        ReturnLast(thread, mine);
      }
    }
    while (!mine.empty()) ReturnLast(thread, mine);
  }

  std::atomic<int> refused_{0};
  std::atomic<int> wrong_{0};

 private:
  void TakeOne(std::uint8_t thread, std::vector<std::uint32_t>& mine) {
    const std::uint32_t page = pool_->Take(kAllowed, thread);
    if (page == PagePool::kNoPage) {
      ++refused_;
      return;
    }
    if (++held_ > kAllowed || page >= kMaxPages || holders_[page]++ != 0) ++wrong_;
    if (*BytesOf(page) != 0) ++wrong_;  // plain: a thread sanitizer sees two holders of a page
    *BytesOf(page) = static_cast<char>(thread + 1);
    mine.push_back(page);
  }
  void ReturnLast(std::uint8_t thread, std::vector<std::uint32_t>& mine) {
    const std::uint32_t page = mine.back();
    mine.pop_back();
    if (*BytesOf(page) != thread + 1 || pool_->OwnerOf(page * kPageBytes) != thread) ++wrong_;
    --holders_[page];
    --held_;
    pool_->Return(page, /*to_system=*/true);
  }

  std::atomic<std::size_t> held_{0};
  std::array<std::atomic<int>, kMaxPages> holders_{};
};

TEST_F(PagePoolThreadsTest, NeverHoldMoreThanAllowedNorOnePageTwice) {
  const std::uint32_t seed = std::random_device()();
  std::printf("seed %u\n", seed);
  MakePool(kMaxPages);
  std::vector<std::thread> threads;
  for (std::uint8_t t = 0; t < 4; ++t) {
    threads.emplace_back([this, t, seed] { TakeAndReturn(t, seed + t); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong_, 0);
  EXPECT_GT(refused_, 0);
  EXPECT_EQ(pool_->taken_pages(), 0u);
}

}  // namespace
}  // namespace ringcache::storage

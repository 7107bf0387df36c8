#include "storage/hash_index.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <random>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::storage {
namespace {

// Bijective, so that a handle's hash can be found again, as the store does from the key.
std::uint64_t HashOf(ItemHandle handle) {
  std::uint64_t hash = handle * 0x9e3779b97f4a7c15;
  hash ^= hash >> 32;
  return hash * 0xd6e8feb86659fd93;
}

class HashIndexTest : public testing::Test {
 protected:
  static constexpr std::size_t kMaxItems = 100'000;

  static HashIndex Make(int initial_items_log2, std::size_t max_items) {
    absl::StatusOr<HashIndex> index = HashIndex::Create(initial_items_log2, max_items);
    EXPECT_TRUE(index.ok()) << index.status();
    return *std::move(index);
  }
  bool Insert(ItemHandle handle, std::uint64_t hash) {
    HashIndex::Guard guard(index_, hash);
    return index_.Insert(guard, hash, handle);
  }
  bool Insert(ItemHandle handle) { return Insert(handle, HashOf(handle)); }
  bool Has(ItemHandle handle, std::uint64_t hash) {
    HashIndex::Guard guard(index_, hash);
    return bool{index_.Find(guard, hash, [&](ItemHandle other) { return other == handle; })};
  }
  bool Has(ItemHandle handle) { return Has(handle, HashOf(handle)); }
  bool Erase(ItemHandle handle, std::uint64_t hash) {
    HashIndex::Guard guard(index_, hash);
    const auto slot = index_.Find(guard, hash, [&](ItemHandle other) { return other == handle; });
    if (slot) index_.Erase(guard, slot);
    return bool{slot};
  }
  bool Erase(ItemHandle handle) { return Erase(handle, HashOf(handle)); }
  void Grow() { index_.Grow(2, HashOf); }
  std::multiset<ItemHandle> Contents() {
    std::multiset<ItemHandle> contents;
    for (std::size_t bucket = 0; bucket < index_.bucket_count(); ++bucket) {
      index_.VisitBucket(bucket, [&](ItemHandle handle) { contents.insert(handle); });
    }
    return contents;
  }

  HashIndex index_ = Make(12, kMaxItems);
};

TEST_F(HashIndexTest, FindsWhatWasInsertedAndNothingElse) {
  EXPECT_FALSE(Has(1));
  EXPECT_TRUE(Insert(1));
  EXPECT_TRUE(Has(1));
  EXPECT_FALSE(Has(2));
  EXPECT_EQ(index_.items(), 1u);
  EXPECT_TRUE(Erase(1));
  EXPECT_FALSE(Has(1));
  EXPECT_FALSE(Erase(1));
  EXPECT_EQ(index_.items(), 0u);
}

TEST_F(HashIndexTest, ItemsOfTheSameHashAreToldApartByTheCaller) {
  for (ItemHandle handle = 1; handle <= 40; ++handle) EXPECT_TRUE(Insert(handle, 0));
  for (ItemHandle handle = 1; handle <= 40; ++handle) EXPECT_TRUE(Has(handle, 0)) << handle;
}

TEST_F(HashIndexTest, AFullBucketContinuesInOverflowBlocksAndGivesThemBack) {
  constexpr ItemHandle kItems = HashIndex::kSlots + 6 * HashIndex::kBlockSlots + 1;
  for (ItemHandle handle = 1; handle <= kItems; ++handle) EXPECT_TRUE(Insert(handle, 5));
  EXPECT_EQ(index_.overflow_blocks(), 7u);
  // From the front, so that holes are filled from the last block of the chain.
  for (ItemHandle handle = 1; handle <= kItems; ++handle) {
    EXPECT_TRUE(Erase(handle, 5));
    for (ItemHandle left = handle + 1; left <= kItems; ++left) ASSERT_TRUE(Has(left, 5));
    const ItemHandle left = kItems - handle;
    EXPECT_EQ(index_.overflow_blocks(), left <= 12 ? 0 : (left - 12 + 3) / 4) << left;
  }
  const std::size_t bytes = index_.bytes();
  // Used ones are used again.
  for (ItemHandle handle = 1; handle <= kItems; ++handle) EXPECT_TRUE(Insert(handle, 6));
  EXPECT_EQ(index_.overflow_blocks(), 7u);
  EXPECT_EQ(index_.bytes(), bytes);
}

TEST_F(HashIndexTest, RefusesWhenOverflowBlocksAreUsedUp) {
  HashIndex small = Make(12, 1);  // 1024 buckets, and two blocks for each
  const auto insert = [&small](ItemHandle handle) {
    HashIndex::Guard guard(small, 0);
    return small.Insert(guard, 0, handle);
  };
  ItemHandle inserted = 0;
  while (insert(inserted + 1)) ASSERT_LT(++inserted, 20'000u);
  EXPECT_EQ(inserted, HashIndex::kSlots + small.overflow_blocks() * HashIndex::kBlockSlots);
  EXPECT_EQ(small.overflow_blocks(), 2048u);
  EXPECT_EQ(small.items(), inserted);
}

TEST_F(HashIndexTest, GrowthWaitsWhileItNeedsOverflowBlocksAndNoneIsLeft) {
  HashIndex growing = Make(12, 1);
  ASSERT_EQ(growing.bucket_count(), 512u) << "the hashes below are made for it";
  // Two buckets of the first group, whose items all go to the bucket that is added next.
  constexpr std::uint64_t kFirst = 0x200;
  constexpr std::uint64_t kSecond = 0x300;
  constexpr std::uint64_t kElsewhere = 5;
  const auto hash_of = [](ItemHandle handle) {
    return handle > 2 * HashIndex::kSlots ? kElsewhere : handle % 2 == 0 ? kFirst : kSecond;
  };
  const auto insert = [&](ItemHandle handle) {
    HashIndex::Guard guard(growing, hash_of(handle));
    return growing.Insert(guard, hash_of(handle), handle);
  };
  ItemHandle inserted = 0;
  while (insert(inserted + 1)) ASSERT_LT(++inserted, 100'000u);
  ASSERT_TRUE(growing.WantsToGrow());
  growing.Grow(2, hash_of);
  EXPECT_EQ(growing.bucket_count(), 512u);
  EXPECT_EQ(growing.items(), inserted);

  // Room for the three blocks that the new bucket needs.
  int left = 12;
  growing.EraseIf(growing.AddressOf(kElsewhere),
                  [&](ItemHandle handle) { return handle > 2 * HashIndex::kSlots && left-- > 0; });
  growing.Grow(1, hash_of);
  EXPECT_EQ(growing.bucket_count(), 513u);
  std::size_t moved = 0;
  growing.VisitBucket(512, [&](ItemHandle) { ++moved; });
  EXPECT_EQ(moved, 2 * HashIndex::kSlots);
  EXPECT_EQ(growing.items(), inserted - 12);
}

TEST_F(HashIndexTest, ReplaceKeepsTheSlot) {
  Insert(1, 77);
  {
    HashIndex::Guard guard(index_, 77);
    const auto slot = index_.Find(guard, 77, [](ItemHandle handle) { return handle == 1; });
    ASSERT_TRUE(slot);
    index_.Replace(slot, 2);
    EXPECT_EQ(index_.HandleAt(slot), 2u);
  }
  EXPECT_FALSE(Has(1, 77));
  EXPECT_TRUE(Has(2, 77));
  EXPECT_EQ(index_.items(), 1u);
}

TEST_F(HashIndexTest, PeekSeesTheCandidatesOfTheFirstBucket) {
  Insert(9);
  bool seen = false;
  index_.PeekCandidates(HashOf(9), [&](ItemHandle handle) { seen |= handle == 9; });
  EXPECT_TRUE(seen);
}

TEST_F(HashIndexTest, GrowsBucketByBucketAndLosesNothing) {
  const std::size_t before = index_.bucket_count();
  for (ItemHandle handle = 1; handle <= 50'000; ++handle) {
    ASSERT_TRUE(Insert(handle));
    const std::size_t buckets = index_.bucket_count();
    Grow();
    ASSERT_LE(index_.bucket_count(), buckets + 2);
  }
  EXPECT_GT(index_.bucket_count(), before * 5);
  EXPECT_FALSE(index_.WantsToGrow());
  for (ItemHandle handle = 1; handle <= 50'000; ++handle) ASSERT_TRUE(Has(handle)) << handle;
  EXPECT_EQ(Contents().size(), 50'000u);
}

TEST_F(HashIndexTest, GrowsFromAnyNumberOfBucketsThatWasExpected) {
  for (const std::size_t expected : {20'000, 31'000, 45'678, 60'001}) {
    HashIndex index = HashIndex::Create(12, kMaxItems, expected).value();
    const std::size_t buckets = index.bucket_count();
    EXPECT_EQ(buckets, static_cast<std::size_t>(static_cast<double>(expected) / 9.5));
    const auto insert = [&](std::size_t first, std::size_t last) {
      for (auto next = static_cast<ItemHandle>(first); next <= last; ++next) {
        HashIndex::Guard guard(index, HashOf(next));
        ASSERT_TRUE(index.Insert(guard, HashOf(next), next));
      }
    };
    const auto found = [&](std::size_t last) {
      std::size_t count = 0;
      for (ItemHandle handle = 1; handle <= last; ++handle) {
        HashIndex::Guard guard(index, HashOf(handle));
        const auto is_it = [&](ItemHandle other) { return other == handle; };
        if (index.Find(guard, HashOf(handle), is_it)) ++count;
      }
      return count;
    };
    insert(1, expected - 10);
    EXPECT_FALSE(index.WantsToGrow());
    EXPECT_EQ(found(expected - 10), expected - 10);
    insert(expected - 9, expected + 30'000);
    while (index.WantsToGrow()) index.Grow(2, HashOf);
    EXPECT_GT(index.bucket_count(), buckets + 3000);
    EXPECT_EQ(found(expected + 30'000), expected + 30'000);
  }
}

TEST_F(HashIndexTest, ExpectedItemsAreNotBelievedBeyondTheMost) {
  HashIndex index = HashIndex::Create(12, kMaxItems, ~std::size_t{0} >> 12).value();
  EXPECT_LE(index.bucket_count(), kMaxItems / 9);
  EXPECT_FALSE(index.WantsToGrow());
}

TEST_F(HashIndexTest, AnItemTakesAboutSevenBytesAtEveryPhaseOfGrowth) {
  constexpr ItemHandle kItems = 400'000;
  constexpr ItemHandle kStep = 10'000;
  HashIndex index = Make(12, kItems);
  double sum = 0;
  int measured = 0;
  for (ItemHandle handle = 1; handle <= kItems; ++handle) {
    {
      HashIndex::Guard guard(index, HashOf(handle));
      ASSERT_TRUE(index.Insert(guard, HashOf(handle), handle));
    }
    index.Grow(2, HashOf);
    if (handle < 100'000 || handle % kStep != 0) continue;
    const double bytes_per_item = static_cast<double>(index.bytes()) / handle;
    EXPECT_LE(bytes_per_item, 7.6) << handle << " items";
    sum += bytes_per_item;
    ++measured;
  }
  EXPECT_EQ(measured, 31);
  EXPECT_LE(sum / measured, 7.4);
  std::printf("%.2f bytes an item\n", sum / measured);
}

TEST_F(HashIndexTest, FewItemsAreInASecondLineAtEveryPhaseOfGrowth) {
  HashIndex index = Make(12, 200'000);
  std::size_t second = 0;
  std::size_t all = 0;
  for (ItemHandle handle = 1; handle <= 200'000; ++handle) {
    {
      HashIndex::Guard guard(index, HashOf(handle));
      ASSERT_TRUE(index.Insert(guard, HashOf(handle), handle));
    }
    index.Grow(2, HashOf);
    if (handle < 100'000 || handle % 20'000 != 0) continue;
    for (std::size_t bucket = 0; bucket < index.bucket_count(); ++bucket) {
      std::size_t items = 0;
      index.VisitBucket(bucket, [&](ItemHandle) { ++items; });
      if (items > HashIndex::kSlots) second += items - HashIndex::kSlots;
      all += items;
    }
  }
  EXPECT_LT(second, all * 6 / 100);
  std::printf("%.2f %% of items\n", 100.0 * static_cast<double>(second) / static_cast<double>(all));
}

TEST_F(HashIndexTest, GrowthStopsAtTheBound) {
  HashIndex small = Make(12, 40'000);
  for (ItemHandle handle = 1; handle <= 50'000; ++handle) {
    {
      HashIndex::Guard guard(small, HashOf(handle));
      ASSERT_TRUE(small.Insert(guard, HashOf(handle), handle));
    }
    small.Grow(2, HashOf);
  }
  const auto bound = static_cast<std::size_t>(40'000 / HashIndex::kTargetItemsPerBucket) + 1;
  EXPECT_EQ(small.bucket_count(), bound);
  EXPECT_FALSE(small.WantsToGrow());
}

TEST_F(HashIndexTest, EraseIfVisitsEveryItemOfAChainOnce) {
  constexpr ItemHandle kItems = 60;
  for (std::uint32_t keep = 1; keep <= 7; ++keep) {
    for (ItemHandle handle = 1; handle <= kItems; ++handle) Insert(handle, 3);
    std::map<ItemHandle, int> visits;
    index_.EraseIf(index_.AddressOf(3), [&](ItemHandle handle) {
      ++visits[handle];
      return handle % keep != 0;
    });
    EXPECT_EQ(visits.size(), kItems);
    for (const auto& [handle, times] : visits) EXPECT_EQ(times, 1) << handle;
    for (ItemHandle handle = 1; handle <= kItems; ++handle) {
      EXPECT_EQ(Has(handle, 3), handle % keep == 0);
    }
    index_.EraseIf(index_.AddressOf(3), [](ItemHandle) { return true; });
    EXPECT_EQ(index_.items(), 0u);
    EXPECT_EQ(index_.overflow_blocks(), 0u);
  }
}

TEST_F(HashIndexTest, AgreesWithASetOverRandomOperations) {
  const std::uint32_t seed = std::random_device()();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  // Few bits of hash in use, so that chains form.
  const auto hash_of = [](ItemHandle handle) { return HashOf(handle) & 0xff'0000'0000'1fffu; };
  std::set<ItemHandle> model;
  for (int step = 0; step < 60'000; ++step) {
    const ItemHandle handle = random() % 30'000 + 1;
    const bool erase = random() % 1000 < (step % 20'000 < 12'000 ? 300u : 800u);
    if (erase) {
      ASSERT_EQ(Erase(handle, hash_of(handle)), model.erase(handle) == 1);
    } else if (model.insert(handle).second) {
      ASSERT_TRUE(Insert(handle, hash_of(handle)));
    }
    index_.Grow(1, hash_of);
    const ItemHandle looked_for = random() % 30'000 + 1;
    ASSERT_EQ(Has(looked_for, hash_of(looked_for)), model.count(looked_for) == 1);
  }
  EXPECT_EQ(index_.items(), model.size());
  EXPECT_EQ(Contents(), std::multiset<ItemHandle>(model.begin(), model.end()));
}

TEST_F(HashIndexTest, ReadersFindEverythingWhileItGrowsAndOthersInsertAndErase) {
  constexpr ItemHandle kStable = 2000;
  constexpr ItemHandle kPerWriter = 8000;
  for (ItemHandle handle = 1; handle <= kStable; ++handle) Insert(handle);
  std::atomic<int> writers{2};
  std::atomic<int> lost{0};
  std::vector<std::thread> threads;
  for (ItemHandle writer = 0; writer < 2; ++writer) {
    threads.emplace_back([&, writer] {
      const ItemHandle first = kStable + 1 + writer * kPerWriter;
      for (ItemHandle handle = first; handle < first + kPerWriter; ++handle) {
        Insert(handle);
        Grow();
        if (handle % 4 == 0) Erase(handle);
      }
      --writers;
    });
  }
  threads.emplace_back([&] {
    for (ItemHandle handle = 1; writers.load() > 0; handle = handle % kStable + 1) {
      index_.PrefetchBucket(HashOf(handle));
      index_.PeekCandidates(HashOf(handle), [](ItemHandle) {});
      if (!Has(handle)) ++lost;
    }
  });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(lost.load(), 0);
  EXPECT_EQ(index_.items(), kStable + 2 * kPerWriter * 3 / 4);
  EXPECT_EQ(Contents().size(), index_.items());
}

}  // namespace
}  // namespace ringcache::storage

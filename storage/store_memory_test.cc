// Bounds, eviction, running out, and life without eviction.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "storage/store.h"
#include "storage/store_fixture.h"

namespace ringcache::storage {
namespace {

class StoreMemoryTest : public StoreFixture, public testing::WithParamInterface<EvictionKind> {
 protected:
  StoreMemoryTest() : StoreFixture(Small(2, GetParam())) {}

  static std::string Key(std::size_t i) { return "key" + std::to_string(100'000 + i); }
  static constexpr std::size_t kKeyBytes = 9;
  static std::size_t ValueBytesFor(std::size_t total) { return total - kItemOverhead - kKeyBytes; }
  // Sets keys of `value_bytes` until one is refused, at most `count`.
  std::size_t Fill(std::size_t count, std::size_t value_bytes, UnixSeconds expires_at = kNever) {
    const std::string value(value_bytes, 'v');
    std::size_t stored = 0;
    while (stored < count && Set(Key(stored), value, expires_at)) ++stored;
    return stored;
  }
};

TEST_P(StoreMemoryTest, EverySizeClassHoldsItemsExactlyAsLargeAsItsChunk) {
  const SizeClasses& classes = store_->size_classes();
  for (int i = 0; i < classes.count(); ++i) {
    const std::size_t chunk = classes.chunk_bytes(i);
    const std::string exact(ValueBytesFor(chunk), 'x');
    const StoreResult result = Put(Key(0), exact);
    ASSERT_EQ(result.outcome, StoreOutcome::kStored) << chunk;
    EXPECT_EQ(result.size_class, i);
    EXPECT_EQ(Get(Key(0)), exact);
    const StoreResult more = Put(Key(1), exact + "y");
    // Behind the last one, the value goes on in another chunk.
    EXPECT_EQ(more.size_class, std::min(i + 1, classes.count() - 1));
    EXPECT_EQ(Get(Key(1)), exact + "y");
  }
}

TEST_P(StoreMemoryTest, AClassWithoutAPageTakesOneOfAnotherWithinTheLimit) {
  ASSERT_EQ(Fill(50'000, 10), 50'000u);
  EXPECT_EQ(store_->Stats().free_pages, 0u);
  const SizeClasses& classes = store_->size_classes();
  for (int i = 1; i < classes.count(); ++i) {
    ASSERT_TRUE(Set("big", std::string(classes.chunk_bytes(i) - kItemOverhead - 3, 'x'))) << i;
    EXPECT_EQ(store_->ClassStats(i).pages, 1u);
    EXPECT_LE(store_->Stats().page_bytes, store_->limit_bytes());
  }
}

TEST_P(StoreMemoryTest, LengthsThatWouldWrapAreTooLarge) {
  for (const std::size_t bytes :
       {std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max() - 30,
        std::size_t{1} << 32, std::size_t{1} << 20}) {
    const PendingItem pending = store_->Allocate("k", store_->Hash("k"), bytes, 1, kNever, now_);
    EXPECT_FALSE(pending);
    EXPECT_EQ(pending.failure(), StoreOutcome::kTooLarge);
  }
}

TEST_P(StoreMemoryTest, AFullStoreEvictsToMakeRoom) {
  const std::size_t capacity = 2 * store_->size_classes().chunks_per_page(0);
  ASSERT_EQ(Fill(30'000, 20), 30'000u);
  EXPECT_EQ(store_->Stats().items, capacity);
  const EvictionCounters events = Events();
  EXPECT_EQ(events.evictions, 30'000 - capacity);
  EXPECT_EQ(events.evicted_unfetched, events.evictions);
  EXPECT_EQ(events.evicted_nonzero, 0u);
  EXPECT_EQ(events.evicted_active, 0u);
  EXPECT_EQ(events.reclaimed, 0u);
  EXPECT_EQ(events.direct_reclaims, events.evictions);
}

TEST_P(StoreMemoryTest, EvictionCountersTellWhatWasEvicted) {
  const std::size_t capacity = Fill(2 * store_->size_classes().chunks_per_page(0), 20, now_ + 900);
  for (std::size_t i = 0; i < capacity; ++i) Get(Key(i));
  now_ += 5;
  Set("one more", std::string(20, 'v'));
  EXPECT_EQ(Events().evictions, 1u);
  EXPECT_EQ(Events().evicted_nonzero, 1u);
  EXPECT_EQ(Events().evicted_unfetched, 0u);
  EXPECT_EQ(Events().evicted_active, 1u);
  store_->ResetStats();
  EXPECT_EQ(Events().evictions, 0u);
}

TEST_P(StoreMemoryTest, DeadItemsAreReclaimedNotEvicted) {
  const std::size_t capacity = 2 * store_->size_classes().chunks_per_page(0);
  Fill(capacity, 20, now_ + 10);
  now_ += 10;
  for (std::size_t i = 0; i < 100; ++i) ASSERT_TRUE(Set("new" + std::to_string(i), "v"));
  EXPECT_EQ(Events().evictions, 0u);
  EXPECT_EQ(Events().reclaimed, 100u);
  EXPECT_EQ(Events().expired_unfetched, 100u);
}

TEST_P(StoreMemoryTest, PinnedItemsArePassedOverAndSurviveUntouched) {
  const std::size_t capacity = Fill(2 * store_->size_classes().chunks_per_page(0), 20);
  std::vector<PinnedItem> pins;
  for (std::size_t i = 0; i < 50; ++i) pins.push_back(Pin(Key(i)));
  for (std::size_t i = 0; i < capacity / 2; ++i) ASSERT_TRUE(Set("new" + std::to_string(i), "v"));
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(pins[i]->value(), std::string(20, 'v'));
    EXPECT_EQ(Look(Key(i)), Lookup::kHit) << "evicting it would have freed nothing";
  }
}

TEST_P(StoreMemoryTest, WhatMayNotBePinnedAnyMoreIsLeftToOthers) {
  const std::size_t chunk = store_->size_classes().chunk_bytes(store_->size_classes().count() - 1);
  // Two pages of two chunks; three quarters of the limit may be pinned, the rest is pending.
  ASSERT_EQ(Fill(4, ValueBytesFor(chunk)), 4u);
  {
    std::vector<PinnedItem> pins;
    for (std::size_t i = 0; i < 3; ++i) pins.push_back(Pin(Key(i)));
    EXPECT_FALSE(Pin(Key(3)));
    const std::string other(ValueBytesFor(chunk), 'o');
    ASSERT_TRUE(Set(Key(3), other));
    for (std::size_t i = 0; i < 3; ++i) pins.push_back(Pin(Key(i)));
    EXPECT_EQ(Events().out_of_memory, 0u);
  }
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(Look(Key(i)), Lookup::kHit);
  EXPECT_TRUE(Set(Key(4), std::string(ValueBytesFor(chunk), 'z')));
}

TEST_P(StoreMemoryTest, OfALargeCacheAPageIsKeptForAClassThatHasNone) {
  StoreOptions options;
  options.limit_bytes = std::size_t{1} << 30;
  Open(options);
  // Nobody writes the values, so they take no memory.
  const auto set_large = [&](int i) {
    const std::string key = "large" + std::to_string(i);
    PendingItem pending = store_->Allocate(key, store_->Hash(key), 500'000, 0, kNever, now_);
    ASSERT_TRUE(pending);
    ASSERT_EQ(store_->Commit(std::move(pending), StoreCondition(), now_).outcome,
              StoreOutcome::kStored);
  };
  for (int i = 0; i < 2200; ++i) set_large(i);
  const std::uint64_t evictions = Events().evictions;
  ASSERT_GT(evictions, 0u);
  EXPECT_EQ(store_->Stats().free_pages, 1u);
  ASSERT_TRUE(Set("small", "value"));
  EXPECT_EQ(Events().evictions, evictions) << "no page had to be emptied";
  EXPECT_EQ(store_->Stats().free_pages, 0u);
  while (store_->Maintain(now_)) {
  }
  EXPECT_EQ(store_->Stats().free_pages, 1u);
}

TEST_P(StoreMemoryTest, ItemsInUseOutliveAScan) {
  for (std::size_t i = 0; i < 1000; ++i) Set(Key(i), "hot");
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < 1000; ++i) Get(Key(i));
  }
  for (std::size_t i = 0; i < 100'000; ++i) Set("scan" + std::to_string(i), "once");
  std::size_t kept = 0;
  for (std::size_t i = 0; i < 1000; ++i) kept += Look(Key(i)) == Lookup::kHit ? 1 : 0;
  // One call moves at most 64 items, then takes the next, however much used.
  EXPECT_GE(kept, 1000u - 1000u / 64 - 1);
}

TEST_P(StoreMemoryTest, AnItemTakesAtMost31Or32BytesBesideItsKeyAndValue) {
  const int most = GetParam() == EvictionKind::kS3Fifo ? 31 : 32;
  StoreOptions options;
  options.eviction = GetParam();
  options.limit_bytes = 160 * kPageBytes;
  Open(options);
  constexpr std::size_t kPayload = 32 + 100;
  const std::string value(100, 'v');
  for (int i = 0; i < 1'300'000; ++i) {
    char key[33];
    std::snprintf(key, sizeof(key), "key:%028d", i);
    ASSERT_TRUE(Set(key, value));
  }
  const StoreStats stats = store_->Stats();
  EXPECT_GT(stats.events.evictions, 0u);
  const auto bytes = static_cast<double>(stats.page_bytes + stats.index_bytes + stats.policy_bytes);
  EXPECT_LE(bytes / static_cast<double>(stats.items), kPayload + most);
  EXPECT_LE(bytes, static_cast<double>(stats.limit_bytes));
  EXPECT_EQ(stats.item_bytes, stats.items * (kPayload + kItemOverhead));
  EXPECT_EQ(store_->size_classes().chunk_bytes(store_->ClassFor(32, 100, 0)), 152u);
}

INSTANTIATE_TEST_SUITE_P(Eviction, StoreMemoryTest, testing::ValuesIn(kEvictionKinds),
                         NameOfEviction);

class StoreWithoutEvictionTest : public StoreMemoryTest {
 protected:
  StoreWithoutEvictionTest() {
    StoreOptions options = Small(2, GetParam());
    options.evict = false;
    Open(options);
  }
};

TEST_P(StoreWithoutEvictionTest, AFullStoreRefusesAndKeepsAllItHas) {
  const std::size_t stored = Fill(100'000, 20);
  EXPECT_EQ(stored, 2 * store_->size_classes().chunks_per_page(0));
  EXPECT_EQ(Put("more", "v").outcome, StoreOutcome::kOutOfMemory);
  for (std::size_t i = 0; i < stored; ++i) ASSERT_EQ(Look(Key(i)), Lookup::kHit);
  EXPECT_EQ(Events().evictions, 0u);
  EXPECT_EQ(Events().out_of_memory, 2u);
  Remove(Key(5));
  EXPECT_TRUE(Set("more", "v"));
}

TEST_P(StoreWithoutEvictionTest, DeadItemsBehindLiveOnesAreReclaimed) {
  const std::size_t capacity = 2 * store_->size_classes().chunks_per_page(0);
  const std::string value(20, 'v');
  // Every tenth item expires.
  for (std::size_t i = 0; i < capacity; ++i) Set(Key(i), value, i % 10 == 9 ? now_ + 10 : kNever);
  now_ += 10;
  std::size_t reclaimed = 0;
  while (Set("new" + std::to_string(reclaimed), value)) ++reclaimed;
  EXPECT_GE(reclaimed, capacity / 10 - 10);
  EXPECT_EQ(Events().reclaimed, reclaimed);
  EXPECT_EQ(Events().evictions, 0u);
  for (std::size_t i = 0; i < capacity; ++i) {
    if (i % 10 != 9) {
      ASSERT_EQ(Look(Key(i)), Lookup::kHit) << i;
    }
  }
}

TEST_P(StoreWithoutEvictionTest, AFlushMakesRoom) {
  const std::size_t stored = Fill(100'000, 20);
  store_->FlushAll(now_, now_);
  EXPECT_EQ(Fill(100'000, 20), stored);
}

INSTANTIATE_TEST_SUITE_P(Eviction, StoreWithoutEvictionTest, testing::ValuesIn(kEvictionKinds),
                         NameOfEviction);

std::unique_ptr<Store> FilledBy(int thread_count, int sizes) {
  StoreOptions options;
  options.limit_bytes = 4 * kPageBytes;
  options.hash_seed = 1;
  std::unique_ptr<Store> store = Store::Create(options).value();
  std::vector<std::thread> threads;
  for (int t = 0; t < thread_count; ++t) {
    threads.emplace_back([&, t] {
      for (int i = t; i < 30'000; i += thread_count) {
        const std::string value(static_cast<std::size_t>(80 + i % sizes * 100), 'v');
        store->Put("key" + std::to_string(100'000 + i), value, 0, kNever, 1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store->CheckInvariants(), "");
  return store;
}

TEST(StoreThreadCountTest, DoesNotChangeHowManyItemsFit) {
  const auto one = static_cast<double>(FilledBy(1, 1)->Stats().items);
  const auto sixteen = static_cast<double>(FilledBy(16, 1)->Stats().items);
  EXPECT_GT(one, 24'000);
  EXPECT_NEAR(sixteen, one, one * 0.02);
}

TEST(StoreThreadCountTest, StrandsNoChunkOfAnySize) {
  // How the pages fall to the sizes depends on who comes first, but all of them are in use.
  for (const int thread_count : {1, 16}) {
    const std::unique_ptr<Store> store = FilledBy(thread_count, 3);
    EXPECT_EQ(store->Stats().free_pages, 0u);
    std::size_t free_bytes = 0;
    for (int i = 0; i < store->size_classes().count(); ++i) {
      const SizeClassStats stats = store->ClassStats(i);
      free_bytes += stats.free_chunks * stats.chunk_bytes;
    }
    EXPECT_LE(free_bytes, 4 * kPageBytes * 2 / 100) << thread_count;
  }
}

}  // namespace
}  // namespace ringcache::storage

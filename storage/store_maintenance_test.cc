// What a store does between operations: expired items, pages that move, limits that change.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "storage/store.h"
#include "storage/store_fixture.h"

namespace ringcache::storage {
namespace {

class StoreMaintenanceTest : public StoreFixture {
 protected:
  StoreMaintenanceTest() : StoreFixture(Small(16)) {}

  static std::string Key(std::size_t i) { return "key" + std::to_string(1'000'000 + i); }
  // Until nothing is left to do. Returns the number of steps.
  int MaintainToTheEnd() {
    int steps = 0;
    while (store_->Maintain(now_)) EXPECT_LT(++steps, 1'000'000);
    return steps;
  }
  int ClassOfValue(std::size_t value_bytes) const {
    return store_->ClassFor(Key(0).size(), value_bytes, 0);
  }
  std::size_t PagesFor(std::size_t value_bytes) const {
    return store_->ClassStats(ClassOfValue(value_bytes)).pages;
  }
  std::size_t Hits(std::size_t count) {
    std::size_t hits = 0;
    for (std::size_t i = 0; i < count; ++i) hits += Look(Key(i)) == Lookup::kHit ? 1 : 0;
    return hits;
  }
};

TEST_F(StoreMaintenanceTest, ExpiredItemsGoWithoutBeingAskedFor) {
  for (std::size_t i = 0; i < 20'000; ++i) Set(Key(i), "value", i % 2 == 0 ? now_ + 10 : kNever);
  MaintainToTheEnd();
  EXPECT_EQ(store_->Stats().items, 20'000u);
  now_ += 60;
  MaintainToTheEnd();
  const StoreStats stats = store_->Stats();
  EXPECT_EQ(stats.items, 10'000u);
  EXPECT_EQ(stats.events.crawler_reclaimed, 10'000u);
  EXPECT_EQ(stats.events.expired_unfetched, 10'000u);
  EXPECT_EQ(stats.events.evictions, 0u);
  EXPECT_GE(stats.crawler_items_checked, 40'000u);
  EXPECT_GE(stats.crawler_laps, 1u);
}

TEST_F(StoreMaintenanceTest, OneStepLooksAtABoundedNumberOfItems) {
  for (std::size_t i = 0; i < 50'000; ++i) Set(Key(i), "value", now_ + 10);
  now_ += 20;
  std::size_t before = store_->Stats().items;
  bool more = true;
  while (more) {
    more = store_->Maintain(now_);
    const std::size_t after = store_->Stats().items;
    ASSERT_LE(before - after, 64u * 16u);
    before = after;
  }
  EXPECT_EQ(before, 0u);
}

TEST_F(StoreMaintenanceTest, LapsThatFindNothingAreFollowedByLongerRests) {
  for (std::size_t i = 0; i < 1000; ++i) Set(Key(i), "value");
  MaintainToTheEnd();
  // In an hour a second at a time, with rests that double.
  for (int second = 0; second < 3600; ++second) {
    ++now_;
    MaintainToTheEnd();
  }
  EXPECT_GE(store_->Stats().crawler_laps, 5u);
  EXPECT_LE(store_->Stats().crawler_laps, 12u);
}

TEST_F(StoreMaintenanceTest, NothingIsLookedForWhileThatIsSwitchedOff) {
  StoreOptions options = Small(16);
  options.crawl = false;
  Open(options);
  EXPECT_FALSE(store_->crawls());
  for (std::size_t i = 0; i < 5000; ++i) Set(Key(i), "value", now_ + 10);
  now_ += 60;
  MaintainToTheEnd();
  EXPECT_EQ(store_->Stats().items, 5000u);
  EXPECT_FALSE(store_->Stats().crawl_running);
  store_->set_crawls(true);
  store_->Maintain(now_);
  EXPECT_TRUE(store_->Stats().crawl_running);
  const std::size_t items = store_->Stats().items;
  EXPECT_LT(items, 5000u);
  // In the middle of a lap, too.
  store_->set_crawls(false);
  EXPECT_FALSE(store_->Stats().crawl_running);
  MaintainToTheEnd();
  EXPECT_EQ(store_->Stats().items, items);
}

TEST_F(StoreMaintenanceTest, ALapThatIsAskedForWaitsForNoRest) {
  for (std::size_t i = 0; i < 5000; ++i) Set(Key(i), "value", now_ + 5);
  MaintainToTheEnd();
  now_ += 5;
  MaintainToTheEnd();
  EXPECT_EQ(store_->Stats().items, 5000u);  // it rests
  EXPECT_TRUE(store_->RequestCrawl());
  EXPECT_FALSE(store_->RequestCrawl());  // one is due
  store_->Maintain(now_);
  EXPECT_FALSE(store_->RequestCrawl());  // one is under way
  MaintainToTheEnd();
  EXPECT_EQ(store_->Stats().items, 0u);
  EXPECT_TRUE(store_->RequestCrawl());
}

TEST_F(StoreMaintenanceTest, PagesFollowTheSizesThatAreWanted) {
  // All memory goes to small values; then only large ones are used.
  for (std::size_t i = 0; i < 200'000; ++i) Set(Key(i), std::string(100, 's'));
  ASSERT_GE(PagesFor(100), 12u);
  std::mt19937 random(1);
  constexpr std::size_t kLarge = 2000;
  const std::size_t wanted = 10 * store_->size_classes().chunks_per_page(ClassOfValue(kLarge));
  std::size_t hits = 0;
  std::size_t asked = 0;
  for (int second = 0; second < 60; ++second) {
    ++now_;
    for (int i = 0; i < 2000; ++i) {
      const std::string key = "large" + std::to_string(random() % wanted);
      const bool hit = Get(key) != kMissing;
      if (!hit) Set(key, std::string(kLarge, 'l'));
      if (second >= 50) hits += hit ? 1 : 0;
      if (second >= 50) ++asked;
    }
    MaintainToTheEnd();
  }
  EXPECT_GE(PagesFor(kLarge), 10u);
  EXPECT_EQ(PagesFor(100) + PagesFor(kLarge), store_->Stats().page_bytes / kPageBytes);
  EXPECT_GE(hits, asked * 98 / 100) << "what is wanted fits into what the other size had";
  EXPECT_GT(store_->Stats().pages_moved, 0u);
}

// Requests as of Zipf's law with exponent 1.0, each a read, and a set if that misses.
class SizeShiftTest : public StoreMaintenanceTest {
 protected:
  static constexpr int kPerSecond = 10'000;

  SizeShiftTest() {
    for (std::size_t rank = 1; rank <= 50'000; ++rank) {
      sums_.push_back((sums_.empty() ? 0 : sums_.back()) + 1.0 / static_cast<double>(rank));
    }
  }
  static StoreOptions Fine(EvictionKind eviction) {
    StoreOptions options = Small(20);
    options.growth_factor.reset();
    options.eviction = eviction;
    return options;
  }
  // The hit ratio of the last third of the time.
  double Serve(int seconds, std::size_t value_bytes) {
    std::mt19937 random(static_cast<unsigned>(value_bytes));
    std::uniform_real_distribution<double> pick(0, sums_.back());
    const std::string value(value_bytes, 'v');
    std::size_t hits = 0;
    for (int second = 0; second < seconds; ++second, ++now_) {
      for (int i = 0; i < kPerSecond; ++i) {
        const auto rank = std::lower_bound(sums_.begin(), sums_.end(), pick(random));
        const std::string key = absl::StrCat("key", value_bytes, ":", rank - sums_.begin());
        const bool hit = Get(key) != kMissing;
        if (!hit) Set(key, value);
        if (second >= seconds * 2 / 3 && hit) ++hits;
        // A maintainer makes more steps than this in a tenth of its core.
        if (i % 100 == 0) store_->Maintain(now_);
      }
    }
    return static_cast<double>(hits) / (kPerSecond * (seconds - seconds * 2 / 3));
  }

  std::vector<double> sums_;
};

TEST_F(SizeShiftTest, TheHitRatioRecoversToThatOfAFreshCache) {
  for (const EvictionKind eviction : {EvictionKind::kS3Fifo, EvictionKind::kSegmentedLru}) {
    for (const auto& [before, after] : {std::pair{100, 1000}, std::pair{1000, 100}}) {
      Open(Fine(eviction));
      Serve(30, static_cast<std::size_t>(before));
      const double shifted = Serve(60, static_cast<std::size_t>(after));
      Open(Fine(eviction));
      const double fresh = Serve(60, static_cast<std::size_t>(after));
      std::printf("%d to %d bytes: %.4f, fresh %.4f\n", before, after, shifted, fresh);
      EXPECT_GE(shifted, fresh - 0.02) << before << " to " << after;
    }
  }
}

TEST_F(StoreMaintenanceTest, PagesStayWhereTheyAreWhenThatIsAskedFor) {
  StoreOptions options = Small(16);
  options.move_pages = false;
  Open(options);
  for (std::size_t i = 0; i < 200'000; ++i) Set(Key(i), std::string(100, 's'));
  for (int second = 0; second < 20; ++second) {
    ++now_;
    for (std::size_t i = 0; i < 1000; ++i) Set("large" + Key(i), std::string(2000, 'l'));
    MaintainToTheEnd();
  }
  EXPECT_EQ(store_->ClassStats(store_->ClassFor(15, 2000, 0)).pages, 1u) << "only the first";
}

TEST_F(StoreMaintenanceTest, APageMovesOnRequestAndItsItemsAreKeptWhereThereIsRoom) {
  const int from = ClassOfValue(100);
  const int to = ClassOfValue(5000);
  const std::size_t chunks = store_->size_classes().chunks_per_page(from);
  const std::size_t count = 3 * chunks;
  for (std::size_t i = 0; i < count; ++i) Set(Key(i), std::string(100, 'v'), now_ + 500);
  // Leave a third of each page.
  for (std::size_t i = 0; i < count; ++i) {
    if (i % 3 != 0) Remove(Key(i));
  }
  std::vector<std::uint64_t> ids;
  for (std::size_t i = 0; i < count; i += 3) ids.push_back(CasOf(Key(i)));
  EXPECT_EQ(store_->MovePage(from, to, now_), Store::PageMove::kStarted);
  EXPECT_EQ(store_->MovePage(from, to, now_), Store::PageMove::kBusy);
  EXPECT_TRUE(store_->Stats().page_move_running);
  MaintainToTheEnd();
  EXPECT_FALSE(store_->Stats().page_move_running);
  EXPECT_EQ(store_->ClassStats(from).pages, 2u);
  EXPECT_EQ(store_->ClassStats(to).pages, 1u);
  EXPECT_EQ(store_->Stats().pages_moved, 1u);
  EXPECT_GT(store_->Stats().items_relocated, chunks / 4);
  EXPECT_EQ(Events().evictions, 0u);
  for (std::size_t i = 0; i < count; i += 3) {
    ASSERT_EQ(Get(Key(i)), std::string(100, 'v'));
    ASSERT_EQ(CasOf(Key(i)), ids[i / 3]);
    Access(Key(i), [&](ItemEditor& editor) { EXPECT_EQ(editor.item().expires_at(), now_ + 500); });
  }
}

TEST_F(StoreMaintenanceTest, APageMoveSaysWhatIsWrong) {
  const int count = store_->size_classes().count();
  EXPECT_EQ(store_->MovePage(0, count, now_), Store::PageMove::kNoSuchClass);
  EXPECT_EQ(store_->MovePage(-2, 0, now_), Store::PageMove::kNoSuchClass);
  EXPECT_EQ(store_->MovePage(3, 3, now_), Store::PageMove::kSameClass);
  EXPECT_EQ(store_->MovePage(3, 4, now_), Store::PageMove::kNothingToMove);
  EXPECT_EQ(store_->MovePage(-1, 4, now_), Store::PageMove::kNothingToMove);
}

TEST_F(StoreMaintenanceTest, WhatIsHeldStaysAndThePageWithIt) {
  const int from = ClassOfValue(100);
  // Two pages, of each of which one item is held.
  const std::size_t chunks = store_->size_classes().chunks_per_page(from);
  for (std::size_t i = 0; i <= chunks; ++i) Set(Key(i), std::string(100, 'v'));
  {
    const PinnedItem first = Pin(Key(0));
    const PinnedItem last = Pin(Key(chunks));
    ASSERT_EQ(store_->MovePage(from, from + 1, now_), Store::PageMove::kStarted);
    MaintainToTheEnd();
    EXPECT_EQ(store_->ClassStats(from).pages, 2u) << "given up";
    EXPECT_EQ(first->value(), std::string(100, 'v'));
    EXPECT_EQ(Look(Key(0)), Lookup::kHit);
  }
  ASSERT_EQ(store_->MovePage(from, from + 1, now_), Store::PageMove::kStarted);
  MaintainToTheEnd();
  EXPECT_EQ(store_->ClassStats(from).pages, 1u);
  EXPECT_EQ(store_->MovePage(from, from + 1, now_), Store::PageMove::kNothingToMove);
}

TEST_F(StoreMaintenanceTest, NoSetFailsWhateverSizesTheCacheWasFilledWith) {
  StoreOptions options;
  options.limit_bytes = 128 * kPageBytes;
  Open(options);
  std::mt19937 random(1);
  constexpr int kSets = 600'000;
  const std::string value(std::size_t{64} << 10, 'v');
  for (int i = 0; i < kSets; ++i) {
    const std::size_t least = i < kSets / 3 ? 32 : i < kSets * 2 / 3 ? 2048 : 32;
    const int doublings = i < kSets / 3 ? 4 : i < kSets * 2 / 3 ? 5 : 11;
    const std::size_t bytes = least << random() % static_cast<unsigned>(doublings);
    ASSERT_TRUE(Set(Key(static_cast<std::size_t>(i)), value.substr(0, bytes + random() % bytes)));
    if (i % 2000 == 0) ++now_;
    // As often as a maintainer would: a step here and there, in the middle of moves.
    if (i % 100 == 0) store_->Maintain(now_);
  }
  EXPECT_EQ(Events().out_of_memory, 0u);
  EXPECT_GT(store_->Stats().pages_moved, 0u);
}

TEST_F(StoreMaintenanceTest, ALowerLimitIsReachedAndAHigherOneUsed) {
  Open(Small(40));
  const std::string value(200, 'v');
  for (std::size_t i = 0; i < 200'000; ++i) Set(Key(i), value);
  const std::size_t before = store_->Stats().items;
  ASSERT_TRUE(store_->SetLimit(20 * kPageBytes));
  MaintainToTheEnd();
  StoreStats stats = store_->Stats();
  EXPECT_EQ(stats.limit_bytes, 20 * kPageBytes);
  EXPECT_LE(stats.page_bytes + stats.index_bytes + stats.policy_bytes, 20 * kPageBytes);
  EXPECT_GE(stats.items, before * 4 / 10);
  EXPECT_GE(stats.pages_returned, 18u);
  ASSERT_TRUE(store_->SetLimit(60 * kPageBytes));
  for (std::size_t i = 0; i < 400'000; ++i) Set(Key(i), value);
  stats = store_->Stats();
  EXPECT_GE(stats.items, before * 14 / 10);
  EXPECT_LE(stats.page_bytes + stats.index_bytes + stats.policy_bytes, 60 * kPageBytes);
}

TEST_F(StoreMaintenanceTest, ALimitThatCannotBeIsRefused) {
  EXPECT_FALSE(store_->SetLimit(kPageBytes - 1));
  EXPECT_FALSE(store_->SetLimit(std::size_t{1} << 60));
  EXPECT_EQ(store_->limit_bytes(), 16 * kPageBytes);
}

TEST_F(StoreMaintenanceTest, TheLimitHoldsWhateverSizesCome) {
  std::mt19937 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const std::size_t bytes = std::size_t{16} << random() % 14;
    ASSERT_TRUE(Set(Key(random() % 200'000), std::string(bytes + random() % bytes, 'v')));
    if (i % 1000 == 0) {
      const StoreStats stats = store_->Stats();
      ASSERT_LE(stats.page_bytes + stats.index_bytes, stats.limit_bytes);
      ++now_;
      MaintainToTheEnd();
    }
  }
}

TEST_F(StoreMaintenanceTest, EverythingAtOnceLeavesTheStoreWhole) {
  std::atomic<bool> done{false};
  std::thread maintainer([&] {
    std::mt19937 random(7);
    while (!done) {
      store_->Maintain(now_ + random() % 3);
      const int from = static_cast<int>(random() % 12) - 1;
      if (random() % 16 == 0) store_->MovePage(from, static_cast<int>(random() % 12), now_);
      if (random() % 64 == 0) store_->SetLimit((6 + random() % 12) * kPageBytes);
    }
  });
  std::vector<std::thread> writers;
  for (int thread = 0; thread < 3; ++thread) {
    writers.emplace_back([&, thread] {
      std::mt19937 random(static_cast<std::uint32_t>(thread));
      for (int i = 0; i < 30'000; ++i) {
        const std::string key = Key(random() % 3000);
        const std::string text = key + std::string(random() % 4 * random() % 900, 'v');
        switch (random() % 6) {
          case 0:
            Remove(key);
            break;
          case 1:
            if (const PinnedItem pin = Pin(key)) {
              ASSERT_EQ(pin->value().substr(0, key.size()), key);
            }
            break;
          case 2:
            Set(key, text, now_ + 1 + random() % 2);
            break;
          case 3:
            Set(key, text);
            break;
          default:
            const std::string value = Get(key);
            ASSERT_TRUE(value == kMissing || value.substr(0, key.size()) == key) << value;
        }
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  done = true;
  maintainer.join();
}

}  // namespace
}  // namespace ringcache::storage

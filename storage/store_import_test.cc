// Imports: what comes from one store into another is what it was, and replaces nothing newer.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "storage/item_export.h"
#include "storage/store.h"
#include "storage/store_fixture.h"

namespace ringcache::storage {
namespace {

class StoreImportTest : public StoreFixture {
 protected:
  static StoreOptions Seeded(std::size_t pages, std::uint64_t seed) {
    StoreOptions options = Small(pages);
    options.hash_seed = seed;
    return options;
  }

  // An item as another store exported it.
  struct Kept {
    std::string key;
    std::string value;
    ExportedItem item;

    ImportedItem Imported() const {
      ImportedItem imported{item, value};
      imported.item.key = key;
      return imported;
    }
  };
  static std::vector<Kept> Export(Store* store, UnixSeconds now) {
    std::vector<Kept> items;
    ExportCursor cursor = store->BeginExport();
    while (store->ExportStep(&cursor, 100, now, [&](const ExportedItem& item, ItemEditor& editor) {
      items.push_back({std::string(item.key), std::string(editor.item().value()), item});
    })) {
    }
    return items;
  }
  StoreOutcome Import(const Kept& kept) { return store_->Import(kept.Imported(), now_).outcome; }
  Kept Make(std::string key, std::string value, std::uint64_t cas) {
    Kept kept{std::move(key), std::move(value), ExportedItem()};
    kept.item.cas = cas;
    kept.item.last_access = now_;
    return kept;
  }
  std::size_t ItemsInMain() const {
    std::size_t items = 0;
    for (int i = 0; i < store_->size_classes().count(); ++i) {
      items += store_->ClassStats(i).items_main;
    }
    return items;
  }
  // Share of hits of a Zipf trace (exponent 1) over `keys`, with sets on misses.
  double HitRatio(int requests, int keys, unsigned seed) {
    std::minstd_rand random(seed);
    std::uniform_real_distribution<double> fair(0, 1);
    int hits = 0;
    for (int i = 0; i < requests; ++i) {
      const int rank = static_cast<int>(std::pow(keys, fair(random)));
      const std::string key = absl::StrCat("key", rank);
      if (Get(key) != kMissing) {
        ++hits;
      } else {
        Set(key, std::string(400, 'x'));
      }
    }
    return static_cast<double>(hits) / requests;
  }
};

TEST_F(StoreImportTest, AnotherStoreHasTheSameItemsWithAllThatBelongsToThem) {
  Open(Seeded(32, 1));
  for (int i = 0; i < 20'000; ++i) {
    Put(absl::StrCat("key", i), std::string(static_cast<std::size_t>(i % 300), 'x'),
        StoreCondition(), i % 5 == 0 ? now_ + 1000 + static_cast<UnixSeconds>(i) : kNever,
        i % 3 == 0 ? static_cast<std::uint32_t>(i) : 0);
    if (i % 7 == 0) ++now_;
    if (i % 4 == 0) Get(absl::StrCat("key", i / 2));
  }
  RemoveOptions mark;
  mark.mark_stale = true;
  for (int i = 0; i < 20'000; i += 11) Remove(absl::StrCat("key", i), mark);
  const std::unique_ptr<Store> source = std::move(store_);
  Open(Seeded(32, 2));
  const std::vector<Kept> exported = Export(source.get(), now_);
  EXPECT_GT(exported.size(), 19'000u);
  for (const Kept& kept : exported) EXPECT_EQ(Import(kept), StoreOutcome::kStored);
  std::map<std::string, Kept> copies;
  for (Kept& copy : Export(store_.get(), now_)) copies[copy.key] = std::move(copy);
  EXPECT_EQ(copies.size(), exported.size());
  for (const Kept& kept : exported) {
    const Kept& copy = copies[kept.key];
    ASSERT_EQ(copy.value, kept.value) << kept.key;
    EXPECT_EQ(copy.item.cas, kept.item.cas);
    EXPECT_EQ(copy.item.client_flags, kept.item.client_flags);
    EXPECT_EQ(copy.item.expires_at, kept.item.expires_at);
    EXPECT_EQ(copy.item.last_access, kept.item.last_access);
    EXPECT_EQ(copy.item.uses, kept.item.uses);
    EXPECT_EQ(copy.item.fetched, kept.item.fetched);
    EXPECT_EQ(copy.item.stale, kept.item.stale);
    EXPECT_EQ(copy.item.win_sent, kept.item.win_sent);
    EXPECT_EQ(copy.item.in_main, kept.item.in_main);
  }
  EXPECT_EQ(source->CheckInvariants(), "");
}

TEST_F(StoreImportTest, TheHitRatioGoesOnWhereItWas) {
  constexpr int kKeys = 60'000;
  for (const std::size_t pages : {6, 3}) {
    // What the trace gives after the same warm-up without a move.
    Open(Seeded(pages, 1));
    HitRatio(200'000, kKeys, 1);
    const double unmoved = HitRatio(20'000, kKeys, 2);
    Open(Seeded(6, 1));
    HitRatio(200'000, kKeys, 1);
    const std::unique_ptr<Store> source = std::move(store_);
    Open(Seeded(pages, 2));
    for (const Kept& kept : Export(source.get(), now_)) Import(kept);
    EXPECT_GT(ItemsInMain(), 0u);
    const double moved = HitRatio(20'000, kKeys, 2);
    EXPECT_GT(unmoved, 0.4);
    EXPECT_NEAR(moved, unmoved, 0.02) << pages << " pages";
    Open(Seeded(pages, 3));
    EXPECT_LT(HitRatio(20'000, kKeys, 2), unmoved - 0.05);
  }
}

TEST_F(StoreImportTest, AnItemThatWasInMainIsAgain) {
  Kept kept = Make("a", "v", 100);
  kept.item.in_main = true;
  EXPECT_EQ(Import(kept), StoreOutcome::kStored);
  EXPECT_EQ(ItemsInMain(), 1u);
  EXPECT_EQ(Import(Make("b", "v", 100)), StoreOutcome::kStored);
  EXPECT_EQ(ItemsInMain(), 1u);
}

TEST_F(StoreImportTest, ANewerItemStaysAndAnOlderOneIsReplaced) {
  Set("a", "here");
  const std::uint64_t here = CasOf("a");
  EXPECT_EQ(Import(Make("a", "older", here - 64)), StoreOutcome::kExists);
  EXPECT_EQ(Import(Make("a", "the same", here)), StoreOutcome::kExists);
  EXPECT_EQ(Get("a"), "here");
  EXPECT_EQ(Import(Make("a", "newer", here + 6400)), StoreOutcome::kStored);
  EXPECT_EQ(Get("a"), "newer");
  EXPECT_EQ(CasOf("a"), here + 6400);
}

TEST_F(StoreImportTest, IdsGivenOutLaterAreGreater) {
  Set("a", "here");
  const std::uint64_t ahead = CasOf("a") + (std::uint64_t{1} << 40);
  Import(Make("a", "imported", ahead));
  Set("a", "later");
  EXPECT_GT(CasOf("a"), ahead);
  EXPECT_LT(CasOf("a"), ahead + 1000);
}

TEST_F(StoreImportTest, AnIdThatNoStoreGivesOutIsKeptAndNotFollowed) {
  constexpr std::uint64_t kChosen = ~std::uint64_t{0} - 5;
  Set("a", "here");
  const std::uint64_t here = CasOf("a");
  EXPECT_EQ(Import(Make("a", "imported", kChosen)), StoreOutcome::kStored);
  EXPECT_EQ(CasOf("a"), kChosen);
  Set("a", "later");
  EXPECT_GT(CasOf("a"), here);
  EXPECT_LT(CasOf("a"), here + 1000);
}

TEST_F(StoreImportTest, AnItemWithoutIdGetsOneAndReplacesNothing) {
  EXPECT_EQ(Import(Make("a", "first", 0)), StoreOutcome::kStored);
  EXPECT_NE(CasOf("a"), 0u);
  EXPECT_EQ(Import(Make("a", "second", 0)), StoreOutcome::kExists);
  StoreOptions options = Small(8);
  options.cas = false;
  Open(options);
  EXPECT_EQ(Import(Make("a", "first", 5)), StoreOutcome::kStored);
  EXPECT_EQ(Import(Make("a", "second", 6)), StoreOutcome::kExists);
  EXPECT_EQ(Get("a"), "first");
}

TEST_F(StoreImportTest, WhatHasExpiredOrDoesNotFitIsRefused) {
  Kept kept = Make("a", "v", 100);
  kept.item.expires_at = now_;
  EXPECT_EQ(Import(kept), StoreOutcome::kNotStored);
  kept.item.expires_at = now_ + 1;
  EXPECT_EQ(Import(kept), StoreOutcome::kStored);
  EXPECT_EQ(Import(Make("b", std::string(2'000'000, 'x'), 100)), StoreOutcome::kTooLarge);
  EXPECT_EQ(Import(Make(std::string(256, 'k'), "v", 100)), StoreOutcome::kTooLarge);
}

TEST_F(StoreImportTest, WhatWasFlushedHereMayComeBack) {
  Set("a", "here");
  store_->FlushAll(now_, now_);
  EXPECT_EQ(Import(Make("a", "imported", 100)), StoreOutcome::kStored);
  EXPECT_EQ(Get("a"), "imported");
}

}  // namespace
}  // namespace ringcache::storage

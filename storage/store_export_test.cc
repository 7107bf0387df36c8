// Exports: what they yield, in which order, and that they miss nothing whatever happens meanwhile.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "storage/item_export.h"
#include "storage/relocation_log.h"
#include "storage/store.h"
#include "storage/store_fixture.h"

namespace ringcache::storage {
namespace {

class StoreExportTest : public StoreFixture {
 protected:
  StoreExportTest() : StoreFixture(Small(8)) {}

  struct Yielded {
    std::string key;
    std::string value;
    ExportedItem item;
  };
  using Items = std::vector<Yielded>;

  // Goes on by one call; false at the end.
  bool Step(ExportCursor* cursor, std::size_t max_items, Items* items) {
    return store_->ExportStep(
        cursor, max_items, now_, [&](const ExportedItem& item, ItemEditor& editor) {
          items->push_back({std::string(item.key), std::string(editor.item().value()), item});
        });
  }
  Items Rest(ExportCursor* cursor, Items items = {}) {
    while (Step(cursor, 100, &items)) {
    }
    return items;
  }
  Items All(const ExportOptions& options = ExportOptions()) {
    ExportCursor cursor = store_->BeginExport(options);
    return Rest(&cursor);
  }
  static ExportOptions Table() {
    ExportOptions options;
    options.order = ExportOrder::kTable;
    return options;
  }

  static std::string Key(int i) { return absl::StrCat("key", i); }
  // Keys Key(from) .. Key(to - 1) of items of one small class.
  void SetKeys(int from, int to) {
    for (int i = from; i < to; ++i) ASSERT_TRUE(Set(Key(i), std::string(60, 'x')));
  }
  // The same, in the main queue.
  void SetKeysInMain(int from, int to) {
    for (int i = from; i < to; ++i) {
      const std::string key = Key(i);
      ImportedItem imported;
      imported.item.key = key;
      imported.item.in_main = true;
      const std::string value(60, 'x');
      imported.value = value;
      ASSERT_EQ(store_->Import(imported, now_).outcome, StoreOutcome::kStored);
    }
  }
  static int NumberOf(const Yielded& yielded) {
    int number = -1;
    EXPECT_TRUE(absl::SimpleAtoi(yielded.key.substr(3), &number)) << yielded.key;
    return number;
  }
  static std::map<std::string, std::uint64_t> CasByKey(const Items& items) {
    std::map<std::string, std::uint64_t> ids;
    for (const Yielded& yielded : items) ids[yielded.key] = yielded.item.cas;
    return ids;
  }
  std::map<std::string, std::uint64_t> CasByKey() { return CasByKey(All(Table())); }
  // What was there all the time, by its CAS id, must have been yielded.
  void ExpectNothingMissed(const std::map<std::string, std::uint64_t>& before, const Items& items) {
    const std::map<std::string, std::uint64_t> yielded = CasByKey(items);
    const std::map<std::string, std::uint64_t> after = CasByKey();
    std::size_t stayed = 0;
    std::size_t missed = 0;
    for (const auto& entry : before) {
      const auto now = after.find(entry.first);
      if (now == after.end() || now->second != entry.second) continue;
      ++stayed;
      if (yielded.find(entry.first) == yielded.end()) ++missed;
    }
    EXPECT_EQ(missed, 0u) << "of " << stayed;
    EXPECT_GT(stayed, 0u);
  }
  // Fills the class of SetKeys beyond the limit, using every third, so that some reach main.
  int Fill() {
    int keys = 0;
    for (; keys % 1000 != 0 || Events().evictions < 20'000; ++keys) {
      EXPECT_TRUE(Set(Key(keys), std::string(60, 'x')));
      if (keys % 3 == 0) Get(Key(keys));
    }
    return keys;
  }
  int SmallClass() const { return store_->ClassFor(7, 60, 0); }
  void MaintainToTheEnd() {
    while (store_->Maintain(now_)) {
    }
  }
};

TEST_F(StoreExportTest, YieldsAllThatBelongsToAnItem) {
  Put("flags", "v", StoreCondition(), now_ + 50, 0xdeadbeef);
  now_ += 3;
  Get("flags");
  Get("flags");
  Set("stale", "w");
  RemoveOptions mark;
  mark.mark_stale = true;
  Remove("stale", mark);
  Access("stale", [](ItemEditor& editor) { editor.SetWinSent(true); });
  now_ += 2;
  for (const ExportOptions& options : {ExportOptions(), Table()}) {
    Items items = All(options);
    ASSERT_EQ(items.size(), 2u);
    if (items[0].key != "flags") std::swap(items[0], items[1]);
    EXPECT_EQ(items[0].value, "v");
    EXPECT_EQ(items[0].item.client_flags, 0xdeadbeef);
    EXPECT_EQ(items[0].item.expires_at, 1'000'050u);
    EXPECT_EQ(items[0].item.last_access, 1'000'003u);
    EXPECT_EQ(items[0].item.cas, CasOf("flags"));
    EXPECT_EQ(items[0].item.uses, 2);
    EXPECT_TRUE(items[0].item.fetched);
    EXPECT_FALSE(items[0].item.in_main);
    EXPECT_EQ(items[0].item.size_class, store_->ClassFor(5, 1, 1));
    EXPECT_EQ(items[1].key, "stale");
    EXPECT_TRUE(items[1].item.stale);
    EXPECT_TRUE(items[1].item.win_sent);
    EXPECT_FALSE(items[1].item.fetched);
    EXPECT_EQ(items[1].item.expires_at, kNever);
  }
}

TEST_F(StoreExportTest, DeadItemsAreLeftOut) {
  Set("flushed", "v");
  store_->FlushAll(now_, now_);
  Set("expired", "v", now_ + 1);
  Set("live", "v", now_ + 2);
  ++now_;
  EXPECT_EQ(All().size(), 1u);
  EXPECT_EQ(All(Table()).size(), 1u);
}

TEST_F(StoreExportTest, AnEmptyStoreYieldsNothing) {
  EXPECT_TRUE(All().empty());
  EXPECT_TRUE(All(Table()).empty());
}

TEST_F(StoreExportTest, ProbationComesInItsOrderThenMainFromItsEvictionEnd) {
  Fill();
  const Items items = All();
  const SizeClassStats stats = store_->ClassStats(SmallClass());
  ASSERT_GT(stats.items_main, 1000u);
  ASSERT_GT(stats.items_small, 1000u);
  ASSERT_EQ(items.size(), stats.items);
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(items[i].item.in_main, i >= stats.items_small);
  }
  for (std::size_t i = 1; i < stats.items_small; ++i) {
    ASSERT_LT(NumberOf(items[i - 1]), NumberOf(items[i]));
  }
  // Those of main that are evicted next are among the first of main.
  std::vector<std::size_t> gone;
  for (int keys = 1'000'000; gone.size() < 100 && keys < 2'000'000; keys += 1000) {
    // Each is used, so they go on to main and push others out there.
    for (int key = keys; key < keys + 1000; ++key) {
      Set(Key(key), std::string(60, 'x'));
      Get(Key(key));
    }
    gone.clear();
    for (std::size_t i = stats.items_small; i < items.size(); ++i) {
      if (Look(items[i].key) != Lookup::kHit) gone.push_back(i - stats.items_small);
    }
  }
  ASSERT_GE(gone.size(), 100u);
  ASSERT_LT(gone.size(), stats.items_main / 3);
  EXPECT_LT(gone.back(), stats.items_main / 2);
}

TEST_F(StoreExportTest, ClassesComeMixedByTheirProgress) {
  SetKeys(0, 4000);
  for (int i = 0; i < 400; ++i) ASSERT_TRUE(Set(Key(10'000 + i), std::string(1000, 'x')));
  const Items items = All();
  ASSERT_EQ(items.size(), 4400u);
  const auto large = std::count_if(items.begin(), items.begin() + 2200, [](const Yielded& yielded) {
    return yielded.value.size() == 1000;
  });
  EXPECT_GE(large, 150);
  EXPECT_LE(large, 250);
}

TEST_F(StoreExportTest, ACallVisitsAndLooksAtABoundedNumber) {
  SetKeys(0, 10'000);
  ExportCursor cursor = store_->BeginExport();
  Items items;
  int calls = 1;
  for (std::size_t before = 0; Step(&cursor, 7, &items); before = items.size(), ++calls) {
    ASSERT_LE(items.size() - before, 7u);
  }
  EXPECT_EQ(items.size(), 10'000u);
  // Empty chunks are looked at, too.
  for (int i = 0; i < 10'000; ++i) Remove(Key(i));
  for (const ExportOptions& options : {ExportOptions(), Table()}) {
    ExportCursor empty = store_->BeginExport(options);
    items.clear();
    for (calls = 1; Step(&empty, 8, &items); ++calls) {
    }
    EXPECT_TRUE(items.empty());
    const std::size_t places = options.order == ExportOrder::kTable ? 512 : 10'000;
    EXPECT_GE(calls, static_cast<int>(places / (8 * Store::kExportLooks)));
  }
}

TEST_F(StoreExportTest, OnlyTheClassesAskedForAreYielded) {
  SetKeys(0, 10);
  Set("large", std::string(5000, 'x'));
  for (ExportOptions options : {ExportOptions(), Table()}) {
    options.classes = {store_->ClassFor(5, 5000, 0)};
    const Items items = All(options);
    ASSERT_EQ(items.size(), 1u);
    EXPECT_EQ(items[0].key, "large");
    options.classes.push_back(SmallClass());
    EXPECT_EQ(All(options).size(), 11u);
  }
}

TEST_F(StoreExportTest, AsManyAreOpenAsTheBoundSays) {
  std::vector<ExportCursor> cursors;
  for (std::size_t i = 0; i < Store::kMaxExports; ++i) {
    cursors.push_back(store_->BeginExport());
    EXPECT_TRUE(cursors.back());
  }
  EXPECT_FALSE(store_->BeginExport());
  cursors.clear();
  EXPECT_TRUE(store_->BeginExport());
}

TEST_F(StoreExportTest, ItemsThatMoveToMainMeanwhileAreNotMissed) {
  int keys = Fill();
  const std::map<std::string, std::uint64_t> before = CasByKey();
  ExportCursor cursor = store_->BeginExport();
  Items items;
  const std::uint64_t moves = Events().moves_to_main;
  while (Step(&cursor, 20, &items)) {
    for (int i = 0; i < 10; ++i) {
      Set(Key(keys++), std::string(60, 'x'));
      Get(Key(keys - 1 - i * 100));
    }
  }
  EXPECT_GT(Events().moves_to_main, moves + 1000);
  ExpectNothingMissed(before, items);
}

TEST_F(StoreExportTest, ItemsWhosePageMovesMeanwhileAreNotMissed) {
  for (const std::size_t steps_before : {0, 1, 30, 150, 230}) {
    Open(Small(8));
    SetKeysInMain(0, 24'000);
    Set("large", std::string(500'000, 'x'));
    for (int i = 0; i < 24'000; i += 2) Remove(Key(i));
    const std::map<std::string, std::uint64_t> before = CasByKey();
    ExportCursor cursor = store_->BeginExport();
    Items items;
    for (std::size_t i = 0; i < steps_before; ++i) Step(&cursor, 50, &items);
    ASSERT_EQ(store_->MovePage(SmallClass(), store_->ClassFor(5, 500'000, 0), now_),
              Store::PageMove::kStarted);
    // Some of the page's items move while the export goes on, the others between two calls.
    for (int i = 0; i < 30; ++i) {
      store_->Maintain(now_);
      Step(&cursor, 50, &items);
    }
    MaintainToTheEnd();
    EXPECT_GT(store_->Stats().items_relocated, 1000u);
    EXPECT_EQ(store_->Stats().pages_moved, 1u);
    items = Rest(&cursor, std::move(items));
    ExpectNothingMissed(before, items);
    // Nor does it cost much: what was moved, and what was put back into its queue, comes again.
    EXPECT_LE(items.size(), before.size() * 3 / 2);
  }
}

TEST_F(StoreExportTest, MoreMovesThanAreRememberedAreNoReasonToMissAny) {
  Open(Small(32));
  SetKeysInMain(0, 250'000);
  Set("large", std::string(500'000, 'x'));
  // From behind, so that the page that is passed first has room that is taken first.
  for (int i = 250'000; i > 0; i -= 2) Remove(Key(i - 1));
  const std::map<std::string, std::uint64_t> before = CasByKey();
  ExportCursor cursor = store_->BeginExport();
  Items items;
  for (int i = 0; i < 130; ++i) Step(&cursor, 50, &items);
  for (int i = 0; store_->Stats().items_relocated <= RelocationLog::kEntries && i < 20; ++i) {
    store_->MovePage(SmallClass(), store_->ClassFor(5, 500'000, 0), now_);
    MaintainToTheEnd();
  }
  ASSERT_GT(store_->Stats().items_relocated, RelocationLog::kEntries);
  ExpectNothingMissed(before, Rest(&cursor, std::move(items)));
}

TEST_F(StoreExportTest, TheTableIsWalkedOnceAlsoWhileItGrows) {
  SetKeys(0, 5000);
  const std::map<std::string, std::uint64_t> before = CasByKey();
  EXPECT_EQ(All(Table()).size(), 5000u);
  ExportCursor cursor = store_->BeginExport(Table());
  Items items;
  const std::size_t index_bytes = store_->Stats().index_bytes;
  for (int keys = 5000; Step(&cursor, 50, &items); keys += 30) SetKeys(keys, keys + 30);
  EXPECT_GT(store_->Stats().index_bytes, index_bytes * 3 / 2);
  ExpectNothingMissed(before, items);
}

// Sets, deletes, evicts and moves pages on other threads, from its making until its end, but not so
// often that nothing would stay.
class Turmoil {
 public:
  Turmoil(Store* store, UnixSeconds now) : store_(*store), now_(now) {
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this, i] { Work(i); });
    threads_.emplace_back([this] { Maintain(); });
  }
  ~Turmoil() {
    stopping_ = true;
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  void Work(int seed) {
    std::minstd_rand random(static_cast<unsigned>(seed) + 1);
    for (int i = 0; i < 100'000 && !stopping_; ++i) {
      const std::string key = absl::StrCat("key", 20'000 + random() % 40'000);
      const std::uint64_t hash = store_.Hash(key);
      switch (random() % 4) {
        case 0:
          store_.Put(key, std::string(60, 'y'), 0, kNever, now_);
          break;
        case 1:
          store_.Put(absl::StrCat("other", random() % 500), std::string(random() % 5000, 'z'), 0,
                     kNever, now_);
          break;
        case 2:
          store_.Remove(key, hash, now_);
          break;
        default:
          store_.Access(key, hash, now_, [](ItemEditor& editor) { editor.NoteUse(); });
      }
    }
  }
  void Maintain() {
    std::minstd_rand random;
    for (int move = 0; move < 20 && !stopping_; ++move) {
      const int classes = store_.size_classes().count();
      store_.MovePage(static_cast<int>(random() % 12), static_cast<int>(random() % classes), now_);
      for (int i = 0; i < 200 && store_.Maintain(now_); ++i) {
      }
    }
  }

  Store& store_;
  const UnixSeconds now_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
};

TEST_F(StoreExportTest, NothingThatStaysIsMissedWhileOthersWork) {
  for (const ExportOptions& options : {ExportOptions(), Table(), ExportOptions()}) {
    Open(Small(24));
    SetKeysInMain(0, 20'000);
    SetKeys(20'000, 60'000);
    const std::map<std::string, std::uint64_t> before = CasByKey();
    Items items;
    {
      const Turmoil turmoil(store_.get(), now_);
      ExportCursor cursor = store_->BeginExport(options);
      items = Rest(&cursor);
    }
    ExpectNothingMissed(before, items);
    MaintainToTheEnd();
    EXPECT_EQ(store_->CheckInvariants(), "");
  }
}

}  // namespace
}  // namespace ringcache::storage

// Values that lie in several chunks.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "storage/item_export.h"
#include "storage/store.h"
#include "storage/store_fixture.h"

namespace ringcache::storage {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

// No two stretches of it are alike, so that pieces cannot be mistaken for each other.
std::string Text(std::size_t bytes, unsigned seed = 1) {
  std::mt19937_64 random(seed);
  std::string text;
  text.reserve(bytes + 8);
  while (text.size() < bytes) {
    const std::uint64_t word = random();
    text.append(reinterpret_cast<const char*>(&word), sizeof(word));
  }
  text.resize(bytes);
  return text;
}

class StoreLargeValueTest : public StoreFixture {
 protected:
  StoreLargeValueTest() : StoreFixture(Options(24)) {}

  static StoreOptions Options(std::size_t pages) {
    StoreOptions options;
    options.limit_bytes = pages * kPageBytes;
    options.max_item_bytes = options.limit_bytes / 2;
    options.initial_items_log2 = 12;
    return options;
  }
  PendingItem Allocate(absl::string_view key, std::size_t value_bytes) {
    return store_->Allocate(key, store_->Hash(key), value_bytes, 0, kNever, now_);
  }
  StoreOutcome Commit(PendingItem pending, StoreMode mode = StoreMode::kSet) {
    StoreCondition condition;
    condition.mode = mode;
    return store_->Commit(std::move(pending), condition, now_).outcome;
  }
  std::size_t UsedChunks() const {
    std::size_t used = 0;
    for (int i = 0; i < store_->size_classes().count(); ++i) {
      used += store_->ClassStats(i).used_chunks;
    }
    return used;
  }
  void MaintainUntilDone() {
    for (int step = 0; step < 100'000 && store_->Maintain(now_); ++step) {
    }
  }
};

TEST_F(StoreLargeValueTest, ValuesOfAllSizesAreReadAsTheyWereWritten) {
  for (const std::size_t base : {kLargestChunkBytes, kMiB, 3 * kLargestChunkBytes}) {
    for (std::size_t bytes = base - 60; bytes < base + 60; bytes += 13) {
      const std::string text = Text(bytes, static_cast<unsigned>(bytes));
      ASSERT_TRUE(Set("key", text));
      ASSERT_EQ(Get("key"), text) << bytes;
    }
  }
  const std::string largest = Text(12 * kMiB - 100);
  ASSERT_TRUE(Set("key", largest));
  EXPECT_EQ(Get("key"), largest);
  EXPECT_EQ(Put("key", Text(12 * kMiB)).outcome, StoreOutcome::kTooLarge);
}

TEST_F(StoreLargeValueTest, LittleMoreMemoryIsTakenThanTheValueNeeds) {
  ASSERT_TRUE(Set("key", Text(10 * kMiB + 5000)));
  const StoreStats stats = store_->Stats();
  EXPECT_LE(stats.page_bytes, 12 * kMiB);
  EXPECT_LT(stats.item_bytes, 10 * kMiB + 5000 + 1000);
  EXPECT_EQ(stats.items, 1u);
}

TEST_F(StoreLargeValueTest, MemoryIsTakenAsTheValueComes) {
  const std::string text = Text(4 * kMiB);
  PendingItem pending = Allocate("key", text.size());
  ASSERT_TRUE(pending);
  EXPECT_EQ(UsedChunks(), 1u);
  std::size_t filled = 0;
  while (filled < text.size()) {
    const absl::Span<char> room = pending.RoomFrom(filled, now_);
    ASSERT_FALSE(room.empty());
    EXPECT_EQ(UsedChunks(), filled / kLargestChunkBytes + 1 + (filled > 0 ? 1 : 0) -
                                (filled > 0 && filled % kLargestChunkBytes == 0 ? 1 : 0));
    text.copy(room.data(), room.size(), filled);
    filled += room.size();
  }
  EXPECT_TRUE(pending.RoomFrom(filled, now_).empty());
  EXPECT_EQ(Look("key"), Lookup::kMiss);
  EXPECT_EQ(Commit(std::move(pending)), StoreOutcome::kStored);
  EXPECT_EQ(Get("key"), text);
}

TEST_F(StoreLargeValueTest, WhatIsDroppedRemovedReplacedOrFlushedGivesEverythingBack) {
  {
    PendingItem pending = Allocate("key", 4 * kMiB);
    ASSERT_TRUE(pending.Fill(0, Text(2 * kMiB), now_));
  }
  EXPECT_EQ(UsedChunks(), 0u);
  ASSERT_TRUE(Set("key", Text(4 * kMiB)));
  EXPECT_EQ(Remove("key"), StoreOutcome::kStored);
  EXPECT_EQ(UsedChunks(), 0u);
  ASSERT_TRUE(Set("key", Text(4 * kMiB)));
  ASSERT_TRUE(Set("key", Text(3 * kMiB, 2)));
  ASSERT_TRUE(Set("key", "short"));
  EXPECT_EQ(UsedChunks(), 1u);
  ASSERT_TRUE(Set("key", Text(4 * kMiB)));
  store_->FlushAll(now_, now_);
  EXPECT_EQ(Look("key"), Lookup::kFlushed);
  EXPECT_EQ(UsedChunks(), 0u);
  ASSERT_TRUE(Set("key", Text(4 * kMiB), now_ + 1));
  ++now_;
  MaintainUntilDone();
  EXPECT_EQ(UsedChunks(), 0u) << "expired";
}

TEST_F(StoreLargeValueTest, AnItemWithAMissingPartIsNotStored) {
  PendingItem pending = Allocate("key", 4 * kMiB);
  ASSERT_TRUE(pending.Fill(0, Text(kMiB), now_));
  EXPECT_EQ(Commit(std::move(pending)), StoreOutcome::kOutOfMemory);
  EXPECT_EQ(UsedChunks(), 0u);
}

TEST_F(StoreLargeValueTest, AppendAndPrependJoinValuesAcrossTheirPieces) {
  const std::string first = Text(kMiB, 1);
  const std::string second = Text(2 * kMiB, 2);
  ASSERT_TRUE(Set("key", first));
  EXPECT_EQ(Put(StoreMode::kAppend, "key", second), StoreOutcome::kStored);
  EXPECT_EQ(Get("key"), first + second);
  EXPECT_EQ(Put(StoreMode::kPrepend, "key", "begin"), StoreOutcome::kStored);
  EXPECT_EQ(Get("key"), "begin" + first + second);
  ASSERT_TRUE(Set("key", "short"));
  EXPECT_EQ(Put(StoreMode::kAppend, "key", first), StoreOutcome::kStored);
  EXPECT_EQ(Get("key"), "short" + first);
  EXPECT_EQ(Put(StoreMode::kAppend, "key", Text(11 * kMiB)), StoreOutcome::kTooLarge);
  EXPECT_EQ(Get("key"), "short" + first);
}

TEST_F(StoreLargeValueTest, IsNoNumber) {
  std::string text = "1";
  text.resize(kMiB, ' ');
  ASSERT_TRUE(Set("key", text));
  EXPECT_EQ(Increment("key", 1).outcome, StoreOutcome::kNonNumeric);
}

TEST_F(StoreLargeValueTest, KeepsItsValueWhenTheCasIdNeedsMoreRoom) {
  const std::string text = Text(2 * kMiB);
  StoreCondition condition;
  condition.use_new_cas = true;
  condition.new_cas = 4711;
  ASSERT_EQ(Put("key", text, condition).cas, 4711u);
  EXPECT_EQ(CasOf("key"), 4711u);
  EXPECT_EQ(Get("key"), text);
  // Fits one chunk, but not with the four bytes more.
  const std::size_t whole = kLargestChunkBytes - kItemOverhead - 3;
  for (const std::size_t bytes : {whole - 4, whole - 3, whole}) {
    ASSERT_EQ(Put("key", Text(bytes), condition).cas, 4711u);
    EXPECT_EQ(Get("key"), Text(bytes));
  }
  RemoveOptions stale;
  stale.mark_stale = stale.use_new_cas = true;
  stale.new_cas = 42;
  ASSERT_TRUE(Set("key", text));
  ASSERT_EQ(Remove("key", stale), StoreOutcome::kStored);
  EXPECT_EQ(CasOf("key"), 42u);
  EXPECT_EQ(Get("key"), text);
  RemoveOptions drop;
  drop.drop_value = true;
  ASSERT_EQ(Remove("key", drop), StoreOutcome::kStored);
  EXPECT_EQ(Get("key"), "");
  EXPECT_EQ(UsedChunks(), 1u);
}

TEST_F(StoreLargeValueTest, APinnedValueStaysAfterItsItemWasReplacedAndRemoved) {
  const std::string text = Text(2 * kMiB);
  ASSERT_TRUE(Set("key", text));
  {
    const PinnedItem pin = Pin("key");
    ASSERT_TRUE(Set("key", Text(2 * kMiB, 2)));
    ASSERT_EQ(Remove("key"), StoreOutcome::kStored);
    EXPECT_EQ(pin.CopyValue(), text);
  }
  EXPECT_EQ(UsedChunks(), 0u);
}

TEST_F(StoreLargeValueTest, LargeValuesPushOutSmallOnesAndEachOther) {
  const std::string small = Text(100);
  for (int i = 0; i < 220'000; ++i) ASSERT_TRUE(Set(absl::StrCat("small", i), small));
  ASSERT_GT(Events().evictions, 0u);
  for (unsigned i = 0; i < 100; ++i) {
    ASSERT_TRUE(Set(absl::StrCat("large", i), Text(2 * kMiB, i)));
    // Pages move to where they are missed.
    ++now_;
    MaintainUntilDone();
  }
  EXPECT_EQ(Get("large99"), Text(2 * kMiB, 99));
  int found = 0;
  for (int i = 0; i < 100; ++i) found += Look(absl::StrCat("large", i)) == Lookup::kHit ? 1 : 0;
  EXPECT_GE(found, 6);
  EXPECT_LE(found, 12);
  for (int i = 0; i < 40'000; ++i) ASSERT_TRUE(Set(absl::StrCat("small", i), small));
  EXPECT_EQ(Events().out_of_memory, 0u);
}

TEST_F(StoreLargeValueTest, AnEvictedItemIsCountedOnce) {
  for (int i = 0; i < 13; ++i) ASSERT_TRUE(Set(absl::StrCat("large", i), Text(2 * kMiB)));
  std::size_t left = store_->Stats().items;
  EXPECT_EQ(Events().evictions, 13 - left);
  EXPECT_LT(left, 13u);
}

TEST_F(StoreLargeValueTest, SlowWritersCannotTakeTheWholeCache) {
  std::vector<PendingItem> slow;
  for (int i = 0; i < 100; ++i) slow.push_back(Allocate(absl::StrCat("slow", i), 2 * kMiB));
  for (const PendingItem& pending : slow) ASSERT_TRUE(!pending || pending.value_bytes() > 0);
  int starved = 0;
  const std::string text = Text(2 * kMiB - 1);
  for (PendingItem& pending : slow) {
    if (!pending || !pending.Fill(0, text, now_)) ++starved;
  }
  EXPECT_GT(starved, 80);
  EXPECT_LE(store_->Stats().item_bytes, 18 * kMiB);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(Set(absl::StrCat("other", i), Text(1000)));
  EXPECT_EQ(Get("other999"), Text(1000));
}

TEST_F(StoreLargeValueTest, SlowReadersCannotHoldTheWholeCache) {
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(Set(absl::StrCat("large", i), Text(2 * kMiB)));
  std::vector<PinnedItem> pins;
  int refused = 0;
  for (int i = 0; i < 12; ++i) {
    const std::string key = absl::StrCat("large", i);
    if (Look(key) != Lookup::kHit) continue;
    pins.push_back(Pin(key));
    if (!pins.back()) {
      ++refused;
      continue;
    }
    EXPECT_TRUE(Pin(key)) << "held already: takes nothing more";
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(pins.size(), 8u);
  EXPECT_TRUE(Set("more", Text(2 * kMiB)));
  pins.clear();
  EXPECT_TRUE(Pin("more"));
}

TEST_F(StoreLargeValueTest, PiecesMoveWhenTheirPagesGo) {
  Open(Options(64));
  std::vector<std::string> keys;
  // Three halves of a page and a little, so that what is removed leaves halves of pages.
  constexpr std::size_t kBytes = 3 * kMiB / 2 + 1000;
  for (int i = 0; i < 30; ++i) {
    keys.push_back(absl::StrCat("large", i));
    ASSERT_TRUE(Set(keys.back(), Text(kBytes, i)));
  }
  // Every second one goes, which leaves holes everywhere.
  for (std::size_t i = 0; i < keys.size(); i += 2) Remove(keys[i]);
  const std::size_t pages_before = store_->Stats().page_bytes;
  ASSERT_TRUE(store_->SetLimit(28 * kPageBytes));
  MaintainUntilDone();
  const StoreStats stats = store_->Stats();
  EXPECT_LE(stats.page_bytes, 28 * kPageBytes);
  EXPECT_LT(stats.page_bytes, pages_before);
  EXPECT_GT(stats.items_relocated, 0u);
  int kept = 0;
  for (std::size_t i = 1; i < keys.size(); i += 2) {
    if (Look(keys[i]) != Lookup::kHit) continue;
    ++kept;
    EXPECT_EQ(Get(keys[i]), Text(kBytes, static_cast<unsigned>(i)));
  }
  EXPECT_GE(kept, 13);
  EXPECT_EQ(store_->CheckInvariants(), "");
}

TEST_F(StoreLargeValueTest, ATinyCacheHasRoomForThem) {
  StoreOptions options = Options(2);
  options.max_item_bytes = kMiB;
  Open(options);
  for (int round = 0; round < 10; ++round) {
    const std::string key = absl::StrCat("key", round);
    ASSERT_TRUE(Set(key, Text(900'000, round))) << round;
    EXPECT_EQ(Get(key), Text(900'000, round));
    ASSERT_TRUE(Set("small", "value"));
  }
}

TEST_F(StoreLargeValueTest, GoThroughAnExportAndAnImportWhole) {
  for (unsigned i = 0; i < 4; ++i) ASSERT_TRUE(Set(absl::StrCat(i), Text(2 * kMiB + i, i)));
  ASSERT_TRUE(Set("small", "value"));
  struct Kept {
    std::string key;
    std::string value;
    ExportedItem item;
  };
  std::vector<Kept> kept;
  {
    ExportCursor cursor = store_->BeginExport();
    while (store_->ExportStep(&cursor, 10, now_, [&](const ExportedItem& item, ItemEditor& editor) {
      kept.push_back({std::string(item.key), editor.CopyValue(), item});
    })) {
    }
  }
  Open(Options(32));
  for (Kept& each : kept) {
    each.item.key = each.key;
    const ImportedItem imported = {each.item, each.value};
    EXPECT_EQ(store_->Import(imported, now_).outcome, StoreOutcome::kStored) << each.key;
  }
  EXPECT_EQ(store_->Stats().items, 5u);
  for (unsigned i = 0; i < 4; ++i) EXPECT_EQ(Get(absl::StrCat(i)), Text(2 * kMiB + i, i));
  EXPECT_EQ(Get("small"), "value");
}

class StoreLargeRestartTest : public StoreLargeValueTest {
 protected:
  StoreLargeRestartTest() { Open(FileOptions()); }

  static StoreOptions FileOptions() {
    StoreOptions options = Options(24);
    options.memory_file =
        absl::StrCat(std::getenv("TEST_TMPDIR"), "/",
                     testing::UnitTest::GetInstance()->current_test_info()->name());
    return options;
  }
  void Restart() {
    ASSERT_EQ(store_->CloseFile(now_), absl::OkStatus());
    store_.reset();
    Open(FileOptions());
    ASSERT_TRUE(store_->restart_report().warm) << store_->restart_report().reason;
  }
};

TEST_F(StoreLargeRestartTest, ValuesComeBackWithAllTheirPieces) {
  for (unsigned i = 0; i < 5; ++i) ASSERT_TRUE(Set(absl::StrCat(i), Text(2 * kMiB + i, i)));
  StoreCondition condition;
  condition.use_new_cas = true;
  condition.new_cas = 4711;
  ASSERT_EQ(Put("wide", Text(kMiB, 99), condition, kNever, 7).cas, 4711u);
  ASSERT_TRUE(Set("small", "value"));
  ASSERT_TRUE(Set("expired", Text(2 * kMiB), now_ + 1));
  Remove("3");
  const std::size_t bytes = store_->Stats().item_bytes;
  const std::size_t chunks = UsedChunks();
  for (int round = 0; round < 2; ++round) {
    Restart();
    EXPECT_EQ(store_->Stats().items, 7u);
    EXPECT_EQ(store_->Stats().item_bytes, bytes);
    EXPECT_EQ(UsedChunks(), chunks);
    for (const unsigned i : {0u, 1u, 2u, 4u}) {
      EXPECT_EQ(Get(absl::StrCat(i)), Text(2 * kMiB + i, i));
    }
    EXPECT_EQ(Get("wide"), Text(kMiB, 99));
    EXPECT_EQ(CasOf("wide"), 4711u);
    EXPECT_EQ(Get("3"), kMissing);
    EXPECT_EQ(store_->CheckInvariants(), "");
  }
  ++now_;
  Restart();
  EXPECT_EQ(store_->Stats().items, 6u);
  EXPECT_LT(UsedChunks(), chunks - 3) << "the pieces of what expired are free";
  EXPECT_EQ(store_->restart_report().dropped, 1u);
}

TEST_F(StoreLargeRestartTest, AnItemWithADamagedPieceGoesAloneAndWhole) {
  ASSERT_TRUE(Set("good", Text(2 * kMiB, 1)));
  ASSERT_TRUE(Set("bad", Text(2 * kMiB, 2)));
  ASSERT_TRUE(Set("thief", Text(2 * kMiB, 3)));
  Access("bad", [](ItemEditor& editor) {
    // The piece says that it belongs to another key.
    char* const data = const_cast<char*>(editor.ValueFrom(kMiB).data());
    const std::size_t into = reinterpret_cast<std::uintptr_t>(data) % kLargestChunkBytes;
    ++*(data - into + 8);
  });
  ItemHandle wanted = kNoItem;
  Access("good", [&](ItemEditor& editor) { wanted = editor.item().piece(0); });
  Access("thief",
         [&](ItemEditor& editor) { const_cast<Item&>(editor.item()).set_piece(1, wanted); });
  Restart();
  EXPECT_EQ(store_->restart_report().dropped, 2u);
  EXPECT_EQ(store_->Stats().items, 1u);
  EXPECT_EQ(Get("good"), Text(2 * kMiB, 1));
  EXPECT_EQ(store_->CheckInvariants(), "");
  Remove("good");
  EXPECT_EQ(UsedChunks(), 0u);
}

TEST_F(StoreLargeRestartTest, GarbageForADirectoryHarmsNobody) {
  std::mt19937 random(1);
  for (int round = 0; round < 30; ++round) {
    ASSERT_TRUE(Set("good", Text(2 * kMiB, 1)));
    ASSERT_TRUE(Set("bad", Text(2 * kMiB, 2)));
    Access("bad", [&](ItemEditor& editor) {
      // The directory lies between key and value.
      char* const end = const_cast<char*>(editor.ValueFrom(0).data());
      for (int change = 0; change <= round % 3; ++change) {
        *(end - 1 - random() % 20) = static_cast<char>(random());
      }
    });
    Restart();
    EXPECT_EQ(Get("good"), Text(2 * kMiB, 1));
    ASSERT_EQ(store_->CheckInvariants(), "") << round;
  }
}

TEST_F(StoreLargeValueTest, ThreadsNeverSeeAPartOfAnotherValue) {
  Open(Options(16));
  constexpr int kThreads = 4;
  constexpr int kRounds = 150;
  std::vector<std::string> values;
  for (unsigned i = 0; i < 8; ++i) values.push_back(Text(200'000 + i * 200'000, i + 1));
  std::atomic<int> wrong{0};
  std::atomic<int> running{kThreads};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      std::mt19937 random(static_cast<unsigned>(thread));
      for (int round = 0; round < kRounds; ++round) {
        const unsigned number = random() % 8;
        const std::string key = absl::StrCat("key", number);
        switch (random() % 4) {
          case 0:
            store_->Put(key, values[number], 0, kNever, now_);
            break;
          case 1:
            store_->Remove(key, store_->Hash(key), now_);
            break;
          default: {
            PinnedItem pin;
            store_->Access(key, store_->Hash(key), now_,
                           [&](ItemEditor& editor) { pin = editor.Pin(); });
            if (pin && pin.CopyValue() != values[number]) ++wrong;
          }
        }
      }
      --running;
    });
  }
  for (unsigned step = 0; running > 0; ++step) {
    store_->Maintain(now_);
    if (step % 256 == 0) store_->SetLimit((8 + step / 256 % 8) * kPageBytes);
    std::this_thread::yield();
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace ringcache::storage

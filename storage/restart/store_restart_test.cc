// A store that is closed and taken over by another, through a memory file.

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "storage/restart/memory_file.h"
#include "storage/restart/restart_image.h"
#include "storage/store.h"
#include "storage/store_fixture.h"

namespace ringcache::storage {
namespace {

// The keys that are evicted, in order.
class Evictions : public StoreListener {
 public:
  void OnEviction(const Evicted& item) override { keys_.emplace_back(item.key); }
  const std::vector<std::string>& keys() const { return keys_; }

 private:
  std::vector<std::string> keys_;
};

class StoreRestartTest : public StoreFixture {
 protected:
  StoreRestartTest() { Open(Options()); }

  static std::string Path() {
    return absl::StrCat(std::getenv("TEST_TMPDIR"), "/",
                        testing::UnitTest::GetInstance()->current_test_info()->name());
  }
  static std::string MetaPath() { return Path() + ".meta"; }
  static StoreOptions Options() {
    StoreOptions options = Small(8);
    options.memory_file = Path();
    return options;
  }
  void Close() { EXPECT_EQ(store_->CloseFile(now_), absl::OkStatus()); }
  // Nothing of the process is left but the files.
  void Forget() {
    store_.reset();
    now_ += 5;
  }
  // Stops cleanly and starts with `options`.
  void Restart(const StoreOptions& options = Options()) {
    Close();
    Forget();
    Open(options);
  }
  // Stops like a process that is killed.
  void Crash() {
    Forget();
    Open(Options());
  }
  void ExpectWarm(std::size_t items) {
    EXPECT_TRUE(store_->restart_report().warm) << store_->restart_report().reason;
    EXPECT_EQ(store_->restart_report().items, items);
    EXPECT_EQ(store_->Stats().items, items);
  }
  void ExpectCold(absl::string_view reason) {
    const RestartReport& report = store_->restart_report();
    EXPECT_TRUE(report.has_file);
    EXPECT_FALSE(report.warm);
    EXPECT_TRUE(absl::StrContains(report.reason, reason)) << report.reason;
    EXPECT_EQ(store_->Stats().items, 0u);
  }
  // Changes one byte of a file, counted from its start.
  static void Change(const std::string& path, std::size_t at,
                     const std::function<void(char&)>& by) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    char byte = 0;
    file.seekg(static_cast<std::streamoff>(at)).get(byte);
    by(byte);
    file.seekp(static_cast<std::streamoff>(at)).put(byte);
    EXPECT_TRUE(file.good()) << path;
  }
  static std::string MetaBytes() {
    std::ifstream file(MetaPath(), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  static void WriteMeta(const std::string& bytes) {
    std::ofstream(MetaPath(), std::ios::binary) << bytes;
  }
  // Closes, changes what is known of the pages, and starts.
  void RestartWith(const std::function<void(RestartImage&)>& change) {
    Close();
    Forget();
    absl::StatusOr<RestartImage> image = DecodeRestartImage(MetaBytes());
    ASSERT_TRUE(image.ok()) << image.status();
    change(*image);
    WriteMeta(EncodeRestartImage(*image));
    Open(Options());
  }
  bool IsStale(absl::string_view key) {
    bool stale = false;
    Access(key, [&](ItemEditor& editor) { stale = editor.item().stale(); });
    return stale;
  }
};

TEST_F(StoreRestartTest, ItemsAreThereWithAllThatBelongsToThem) {
  ASSERT_EQ(Put("flags", "one", StoreCondition(), kNever, 77).outcome, StoreOutcome::kStored);
  ASSERT_TRUE(Set("expires", "two", now_ + 100));
  ASSERT_TRUE(Set("stale", "three"));
  ASSERT_TRUE(Set("large", std::string(300'000, 'x')));
  ASSERT_TRUE(Set("empty", ""));
  Access("stale", [](ItemEditor& editor) {
    editor.SetStale(true);
    editor.SetWinSent(true);
  });
  const std::uint64_t cas = CasOf("flags");
  const std::size_t bytes = store_->Stats().item_bytes;
  Restart();
  ExpectWarm(5);
  EXPECT_EQ(store_->Stats().item_bytes, bytes);
  EXPECT_EQ(Get("flags"), "one");
  EXPECT_EQ(CasOf("flags"), cas);
  EXPECT_EQ(Get("large"), std::string(300'000, 'x'));
  EXPECT_EQ(Get("empty"), "");
  Access("flags", [](ItemEditor& editor) {
    EXPECT_EQ(editor.item().client_flags(), 77u);
    EXPECT_FALSE(editor.item().stale());
  });
  Access("expires", [&](ItemEditor& editor) {
    EXPECT_EQ(editor.item().expires_at(), now_ - 5 + 100);
    EXPECT_EQ(editor.item().idle_seconds(now_), 5u);
  });
  Access("stale", [](ItemEditor& editor) {
    EXPECT_TRUE(editor.item().stale());
    EXPECT_TRUE(editor.item().win_sent());
    EXPECT_EQ(editor.item().value(), "three");
  });
}

TEST_F(StoreRestartTest, WhatWasRemovedReplacedOrNeverCommittedStaysAway) {
  ASSERT_TRUE(Set("removed", "1"));
  ASSERT_TRUE(Set("replaced", "old"));
  ASSERT_TRUE(Set("replaced", std::string(5000, 'n')));
  Remove("removed");
  {
    PendingItem pending = store_->Allocate("pending", store_->Hash("pending"), 7, 0, kNever, now_);
    ASSERT_TRUE(pending);
  }
  Restart();
  ExpectWarm(1);
  EXPECT_EQ(Get("removed"), kMissing);
  EXPECT_EQ(Get("pending"), kMissing);
  EXPECT_EQ(Get("replaced"), std::string(5000, 'n'));
}

TEST_F(StoreRestartTest, WhatDiedMeanwhileIsLeftBehind) {
  ASSERT_TRUE(Set("dead", "1", now_ + 5));
  ASSERT_TRUE(Set("alive", "1", now_ + 6));
  Restart();
  ExpectWarm(1);
  EXPECT_EQ(store_->restart_report().dropped, 1u);
  EXPECT_EQ(store_->restart_report().stopped_at, now_ - 5);
  EXPECT_EQ(Get("dead"), kMissing);
  EXPECT_EQ(Get("alive"), "1");
}

TEST_F(StoreRestartTest, FlushesBeforeAndDueOnesHold) {
  ASSERT_TRUE(Set("flushed", "1"));
  store_->FlushAll(now_, now_);
  ASSERT_TRUE(Set("later", "1"));
  store_->FlushAll(now_ + 20, now_);
  Restart();
  ExpectWarm(1);
  EXPECT_EQ(Get("flushed"), kMissing);
  EXPECT_EQ(Get("later"), "1");
  now_ += 15;
  EXPECT_EQ(Get("later"), kMissing);
  ASSERT_TRUE(Set("after", "1"));
  Restart();
  ExpectWarm(1);
  EXPECT_EQ(Get("after"), "1");
}

TEST_F(StoreRestartTest, AFlushThatFellDueWhileNobodyRanTakesEffect) {
  ASSERT_TRUE(Set("a", "1"));
  store_->FlushAll(now_ + 3, now_);
  Restart();
  EXPECT_EQ(Get("a"), kMissing);
}

TEST_F(StoreRestartTest, NewCasIdsAreAboveAllThatWereGivenOut) {
  // A clock far ahead of the one of the next store.
  StoreOptions ahead = Options();
  ahead.cas_start = CasClock::TicksNow() + CasClock::kTicksPerSecond * 1000;
  Open(Small(8));
  Open(ahead);
  ASSERT_TRUE(Set("a", "1"));
  std::uint64_t highest = CasOf("a");
  for (int i = 0; i < 100; ++i) highest = std::max(highest, store_->NextCas(store_->Hash("a")));
  Restart();
  ExpectWarm(1);
  ASSERT_TRUE(Set("a", "2"));
  EXPECT_GT(CasOf("a"), highest);
  // Whatever stripe a key has.
  for (int i = 0; i < 200; ++i) {
    EXPECT_GT(store_->NextCas(store_->Hash(absl::StrCat("key", i))), highest);
  }
}

TEST_F(StoreRestartTest, CasIdsOutliveTheirBase) {
  StoreOptions later = Options();
  later.cas_start = CasClock::TicksNow();
  const auto restart_after_days = [&](std::uint64_t days) {
    later.cas_start += CasClock::kTicksPerSecond * 86'400 * days;
    Restart(later);
  };
  ASSERT_TRUE(Set("old", "1"));
  StoreCondition chosen;
  chosen.use_new_cas = true;
  chosen.new_cas = 5;
  ASSERT_EQ(Put("chosen", "1", chosen).outcome, StoreOutcome::kStored);
  const std::uint64_t of_old = CasOf("old");
  restart_after_days(240);
  ExpectWarm(2);
  // One that could not be kept is one that nobody has.
  EXPECT_GT(CasOf("old"), of_old);
  restart_after_days(150);
  ASSERT_TRUE(Set("middle", "1"));
  const std::uint64_t of_middle = CasOf("middle");
  // The base moves on, but not beyond the middle one.
  restart_after_days(100);
  ExpectWarm(3);
  EXPECT_EQ(CasOf("middle"), of_middle);
  EXPECT_GT(CasOf("old"), of_old);
  restart_after_days(730);
  ExpectWarm(3);
  EXPECT_EQ(CasOf("chosen"), 5u);
  ASSERT_TRUE(Set("new", "1"));
  EXPECT_GT(CasOf("new"), of_middle);
  EXPECT_EQ(Get("old"), "1");
}

TEST_F(StoreRestartTest, ItServesOnAndRestartsAgain) {
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 2000; ++i) {
      ASSERT_TRUE(Set(absl::StrCat("key", i), absl::StrCat("value", round, "-", i)));
    }
    ASSERT_EQ(Remove(absl::StrCat("key", round)), StoreOutcome::kStored);
    Restart();
    ExpectWarm(1999);
    EXPECT_EQ(store_->CheckInvariants(), "");
    for (int i = round + 1; i < 2000; ++i) {
      ASSERT_EQ(Get(absl::StrCat("key", i)), absl::StrCat("value", round, "-", i));
    }
  }
}

TEST_F(StoreRestartTest, ManySizesAndMorePagesThanOneComeBackWhole) {
  std::mt19937 random(7);
  std::vector<std::size_t> sizes;
  for (int i = 0; i < 3000; ++i) {
    sizes.push_back(random() % (i % 10 == 0 ? 20'000 : 500));
    ASSERT_TRUE(
        Set(absl::StrCat("key", i), std::string(sizes.back(), static_cast<char>('a' + i % 26))));
  }
  const StoreStats before = store_->Stats();
  std::vector<bool> there;
  for (int i = 0; i < 3000; ++i) there.push_back(Look(absl::StrCat("key", i)) == Lookup::kHit);
  Restart();
  ExpectWarm(before.items);
  EXPECT_EQ(store_->Stats().item_bytes, before.item_bytes);
  EXPECT_EQ(store_->Stats().page_bytes, before.page_bytes);
  for (int i = 0; i < 3000; ++i) {
    const std::string value(sizes[static_cast<std::size_t>(i)], static_cast<char>('a' + i % 26));
    ASSERT_EQ(Get(absl::StrCat("key", i)), there[static_cast<std::size_t>(i)] ? value : kMissing)
        << i;
  }
}

TEST_F(StoreRestartTest, CountersStartFromZero) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Set(absl::StrCat(i), std::string(200'000, 'x')));
  EXPECT_GT(Events().evictions, 0u);
  Restart();
  EXPECT_EQ(Events().evictions, 0u);
  EXPECT_EQ(store_->Stats().total_items, 0u);
}

TEST_F(StoreRestartTest, WhoWasToLeaveFirstStillLeavesFirst) {
  std::array<std::vector<std::string>, 2> evicted;
  for (const bool restarts : {false, true}) {
    Open(Small(8));  // lets go of the file
    Open(Options());
    std::mt19937 random(3);
    for (int i = 0; i < 40'000; ++i) {
      ASSERT_TRUE(Set(absl::StrCat("key", i), std::string(100, 'x')));
      // Chunks that are free again are used in another order than they lie in memory.
      if (i % 7 == 0) Remove(absl::StrCat("key", random() % static_cast<unsigned>(i + 1)));
      if (i % 5 == 0) Get(absl::StrCat("key", random() % static_cast<unsigned>(i + 1)));
    }
    EXPECT_EQ(Events().evictions, 0u);
    if (restarts) Restart();
    Evictions listener;
    store_->SetListener(&listener);
    for (int i = 0; i < 40'000; ++i) {
      ASSERT_TRUE(Set(absl::StrCat("new", i), std::string(100, 'x')));
    }
    store_->SetListener(nullptr);
    // Of the new ones some leave early by chance, in the place of others that left
    // (NodeQueue).
    for (const std::string& key : listener.keys()) {
      if (absl::StartsWith(key, "key")) evicted[restarts].push_back(key);
    }
  }
  ASSERT_GT(evicted[0].size(), 1000u);
  evicted[0].resize(1000);
  evicted[1].resize(1000);
  EXPECT_EQ(evicted[0], evicted[1]);
}

TEST_F(StoreRestartTest, TheHandGoesOnAtThePageWhereItWas) {
  // Two items a page, all in the main queue after the next of them.
  const std::string value(400'000, 'x');
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(Set(absl::StrCat(i), value));
  for (int i = 0; i < 16; ++i) ASSERT_EQ(Get(absl::StrCat(i)), value);
  for (int i = 16; i < 21; ++i) ASSERT_TRUE(Set(absl::StrCat(i), value));
  const auto size_class = static_cast<std::size_t>(store_->ClassFor(2, value.size(), 0));
  const auto pages = [&] {
    const absl::StatusOr<RestartImage> image = DecodeRestartImage(MetaBytes());
    return image.ok() ? image->classes[size_class].pages : std::vector<RestartImage::Page>();
  };
  Close();
  const std::vector<RestartImage::Page> before = pages();
  ASSERT_EQ(before.size(), 8u);
  EXPECT_NE(before.front().number, 0u) << "the hand has not moved, so this shows nothing";
  Forget();
  Open(Options());
  Close();
  EXPECT_EQ(pages(), before);
}

TEST_F(StoreRestartTest, ANewFileStartsEmpty) { ExpectCold("is new"); }

TEST_F(StoreRestartTest, AFileThatWasNotClosedStartsEmpty) {
  ASSERT_TRUE(Set("a", "1"));
  Crash();
  ExpectCold("was not closed cleanly: there is no ");
  EXPECT_EQ(Get("a"), kMissing);
  // Also when it had been closed before.
  ASSERT_TRUE(Set("a", "2"));
  Restart();
  ExpectWarm(1);
  ASSERT_TRUE(Set("a", "3"));
  Crash();
  ExpectCold("was not closed cleanly");
}

TEST_F(StoreRestartTest, WhatDoesNotFitIsRefusedByName) {
  struct Case {
    std::function<void(StoreOptions&)> change;
    std::string reason;
  };
  const std::vector<Case> cases = {
      {[](StoreOptions& o) { o.limit_bytes += kPageBytes; },
       "the memory limit in bytes was 8388608 and is now 9437184"},
      {[](StoreOptions& o) { o.limit_bytes -= kPageBytes; },
       "the memory limit in bytes was 8388608 and is now 7340032"},
      {[](StoreOptions& o) { o.max_item_bytes = 100'000; },
       "the largest item in bytes was 1048576 and is now 100000"},
      {[](StoreOptions& o) { o.cas = false; }, "the use of CAS ids was on and is now off"},
      {[](StoreOptions& o) { o.growth_factor = 2.0; }, "the number of size classes was"},
      {[](StoreOptions& o) { o.min_value_bytes = 80; }, "size class"},
      {[](StoreOptions& o) { o.hash_seed = 2; }, "the hash seed was another"},
  };
  for (const Case& changed : cases) {
    Open(Small(8));
    Open(Options());
    ASSERT_TRUE(Set("a", "1"));
    StoreOptions options = Options();
    changed.change(options);
    Restart(options);
    ExpectCold(changed.reason);
    EXPECT_EQ(Get("a"), kMissing);
    ASSERT_TRUE(Set("b", "1"));
    EXPECT_EQ(store_->CheckInvariants(), "");
  }
}

TEST_F(StoreRestartTest, WhatDecidesNothingMayChange) {
  ASSERT_TRUE(Set("a", "1"));
  StoreOptions options = Options();
  options.evict = false;
  options.move_pages = false;
  options.initial_items_log2 = 14;
  Restart(options);
  ExpectWarm(1);
}

TEST_F(StoreRestartTest, AMetaThatIsDamagedIsRefused) {
  ASSERT_TRUE(Set("a", "1"));
  Close();
  Forget();
  const std::string bytes = MetaBytes();
  WriteMeta(bytes.substr(0, bytes.size() - 1));
  Open(Options());
  ExpectCold("is damaged: its checksum is wrong");
  ASSERT_TRUE(Set("a", "1"));
  Close();
  Forget();
  Change(MetaPath(), 8, [](char& byte) { ++byte; });
  Open(Options());
  ExpectCold("has layout 2, and this program's is 1");
}

TEST_F(StoreRestartTest, AMetaOfAnotherTimeIsRefused) {
  ASSERT_TRUE(Set("a", "old"));
  Close();
  Forget();
  const std::string of_then = MetaBytes();
  Open(Options());
  ASSERT_TRUE(Set("a", "new"));
  Forget();
  WriteMeta(of_then);
  Open(Options());
  ExpectCold("belongs to another file or to another time");
}

TEST_F(StoreRestartTest, AFileThatWasCutShortIsRefused) {
  ASSERT_TRUE(Set("a", "1"));
  Close();
  Forget();
  ASSERT_EQ(truncate(Path().c_str(), MemoryFile::kPagesOffset + 7 * kPageBytes), 0);
  Open(Options());
  ExpectCold("was cut short");
}

TEST_F(StoreRestartTest, WhileAnItemIsHeldTheFileIsNotClosed) {
  ASSERT_TRUE(Set("a", "1"));
  {
    const PinnedItem pin = Pin("a");
    Remove("a");
    EXPECT_EQ(store_->CloseFile(now_).message(), "1 items are still held");
  }
  Restart();
  ExpectWarm(0);
  EXPECT_EQ(Get("a"), kMissing);
}

TEST_F(StoreRestartTest, WithoutAFileThereIsNothingToClose) {
  Open(Small(8));
  EXPECT_FALSE(store_->restart_report().has_file);
  EXPECT_TRUE(absl::IsFailedPrecondition(store_->CloseFile(now_)));
}

TEST_F(StoreRestartTest, TheFileOfARunningStoreIsRefused) {
  EXPECT_TRUE(absl::IsUnavailable(Store::Create(Options()).status()));
}

TEST_F(StoreRestartTest, TheLimitCannotBeRaisedBeyondTheFile) {
  EXPECT_FALSE(store_->SetLimit(9 * kPageBytes));
  EXPECT_TRUE(store_->SetLimit(4 * kPageBytes));
  EXPECT_TRUE(store_->SetLimit(8 * kPageBytes));
}

TEST_F(StoreRestartTest, PagesThatWereGivenBackAreThereWhenTheLimitIsRaisedAgain) {
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(Set(absl::StrCat(i), std::string(200'000, 'x')));
  ASSERT_TRUE(store_->SetLimit(3 * kPageBytes));
  for (int i = 0; i < 100'000 && store_->Stats().page_bytes > 3 * kPageBytes; ++i) {
    store_->Maintain(now_);
  }
  ASSERT_EQ(store_->Stats().page_bytes, 3 * kPageBytes);
  Restart();
  EXPECT_EQ(store_->limit_bytes(), 8 * kPageBytes);
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(Set(absl::StrCat(i), std::string(200'000, 'y')));
  EXPECT_EQ(store_->Stats().page_bytes, 8 * kPageBytes);
  EXPECT_EQ(Get("59"), std::string(200'000, 'y'));
}

TEST_F(StoreRestartTest, OfTwoItemsOfOneKeyTheNewerStays) {
  // The older one of another size class, so that both may be made to exist.
  ASSERT_TRUE(Set("twice", "older"));
  PinnedItem held = Pin("twice");
  ASSERT_TRUE(Set("twice", std::string(3000, 'n')));
  const std::string bytes(reinterpret_cast<const char*>(&*held), held->total_bytes());
  held.Release();
  Close();
  Forget();
  // It was in the first chunk of the first page.
  std::fstream file(Path(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(MemoryFile::kPagesOffset)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  Open(Options());
  EXPECT_EQ(Get("twice"), std::string(3000, 'n'));
  EXPECT_EQ(store_->restart_report().dropped, 1u);
  ExpectWarm(1);
}

TEST_F(StoreRestartTest, GarbageInThePagesHarmsNobody) {
  const std::uint32_t seed = std::random_device()();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 4000; ++i) {
      ASSERT_TRUE(Set(absl::StrCat("key", i), std::string(random() % 900, 'x')));
    }
    Close();
    Forget();
    std::fstream file(Path(), std::ios::in | std::ios::out | std::ios::binary);
    for (int i = 0; i < 3000; ++i) {
      const std::size_t at = MemoryFile::kPagesOffset + random() % (8 * kPageBytes);
      file.seekp(static_cast<std::streamoff>(at)).put(static_cast<char>(random()));
    }
    file.close();
    Open(Options());
    EXPECT_TRUE(store_->restart_report().warm);
    ASSERT_EQ(store_->CheckInvariants(), "");
    for (int i = 0; i < 4000; ++i) Get(absl::StrCat("key", i));
  }
}

TEST_F(StoreRestartTest, AnOrderOfGarbageIsPassedOver) {
  // Within them, each place looks like an item on its way to its queue.
  const std::string value(100, static_cast<char>(EvictionNode::kEntering));
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(Set(absl::StrCat("key", i), value));
  RestartWith([](RestartImage& image) {
    constexpr std::uint32_t kHandlesPerPage = kPageBytes / kChunkAlignment;
    std::vector<std::uint32_t> order(kHandlesPerPage + 10);
    std::iota(order.begin(), order.end(), 0);
    for (const std::uint32_t page : {7, 8, 9, 4000}) order.push_back(page * kHandlesPerPage + 1);
    order.push_back(~std::uint32_t{0});
    for (RestartImage::SizeClass& size_class : image.classes) {
      if (!size_class.pages.empty()) size_class.probation = order;
    }
  });
  ExpectWarm(1000);
  EXPECT_EQ(store_->CheckInvariants(), "");
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(Get(absl::StrCat("key", i)), value);
}

TEST_F(StoreRestartTest, PagesThatTheImageGivesToOthersYieldNoItem) {
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(Set(absl::StrCat("key", i), "1"));
  RestartWith([](RestartImage& image) {
    std::swap(image.classes[0].pages, image.classes[5].pages);
    for (RestartImage::Page& page : image.classes[5].pages) page.cut = 100;
    image.items = 1;
  });
  EXPECT_TRUE(store_->restart_report().warm);
  EXPECT_EQ(store_->CheckInvariants(), "");
  for (int i = 0; i < 1000; ++i) {
    const std::string value = Get(absl::StrCat("key", i));
    EXPECT_TRUE(value == "1" || value == kMissing) << value;
  }
}

class StoreRestartWithoutCasTest : public StoreRestartTest {
 protected:
  static StoreOptions WithoutCas() {
    StoreOptions options = Options();
    options.cas = false;
    return options;
  }
};

TEST_F(StoreRestartWithoutCasTest, ItemsComeBackToo) {
  Open(Small(8));
  Open(WithoutCas());
  ASSERT_TRUE(Set("a", "1"));
  Restart(WithoutCas());
  ExpectWarm(1);
  EXPECT_EQ(Get("a"), "1");
  EXPECT_EQ(CasOf("a"), 0u);
}

}  // namespace
}  // namespace ringcache::storage

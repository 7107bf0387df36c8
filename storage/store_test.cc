// Reading, storing under conditions, CAS ids, removing. Time: store_expiry_test.cc; memory:
// store_memory_test.cc; pins, append and arithmetic: store_replace_test.cc.

#include "storage/store.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "storage/store_fixture.h"

namespace ringcache::storage {
namespace {

class StoreTest : public StoreFixture {};

TEST_F(StoreTest, CreateRefusesWhatTheOptionsRefuse) {
  StoreOptions options;
  options.limit_bytes = 1;
  EXPECT_FALSE(Store::Create(options).ok());
}

TEST_F(StoreTest, ReturnsWhatWasSet) {
  EXPECT_EQ(Get("key"), kMissing);
  EXPECT_TRUE(Set("key", "value"));
  EXPECT_EQ(Get("key"), "value");
  EXPECT_TRUE(Set("key", "another"));
  EXPECT_EQ(Get("key"), "another");
}

TEST_F(StoreTest, KeysAreAnyBytesUpTo255AndValuesMayBeEmpty) {
  for (std::size_t length = 1; length <= kMaxKeyBytes; ++length) {
    for (const char byte : {'\0', 'k', '\xff', '\r'}) {
      const std::string key(length, byte);
      ASSERT_TRUE(Set(key, key + "!"));
      ASSERT_EQ(Get(key), key + "!");
    }
  }
  EXPECT_EQ(Put(std::string(256, 'k'), "").outcome, StoreOutcome::kTooLarge);
  EXPECT_TRUE(Set("empty", ""));
  EXPECT_EQ(Get("empty"), "");
}

TEST_F(StoreTest, ClientFlagsAreKept) {
  Put("key", "value", StoreCondition(), kNever, 0xdeadbeef);
  Access("key", [](ItemEditor& editor) {
    EXPECT_EQ(editor.item().client_flags(), 0xdeadbeefu);
    EXPECT_EQ(editor.item().value(), "value");
  });
  Put("key", "value");
  Access("key", [](ItemEditor& editor) { EXPECT_EQ(editor.item().client_flags(), 0u); });
}

TEST_F(StoreTest, AddStoresOnlyWhatIsNotThere) {
  EXPECT_EQ(Put(StoreMode::kAdd, "key", "first"), StoreOutcome::kStored);
  EXPECT_EQ(Put(StoreMode::kAdd, "key", "second"), StoreOutcome::kNotStored);
  EXPECT_EQ(Get("key"), "first");
}

TEST_F(StoreTest, ARefusedAddCountsAsAUseButNotAsARead) {
  Set("key", "value");
  Put(StoreMode::kAdd, "key", "second");
  Access("key", [](ItemEditor& editor) {
    EXPECT_EQ(editor.item().uses(), 1);
    EXPECT_FALSE(editor.item().fetched());
  });
}

TEST_F(StoreTest, ReplaceStoresOnlyOverWhatIsThere) {
  EXPECT_EQ(Put(StoreMode::kReplace, "key", "value"), StoreOutcome::kNotStored);
  EXPECT_EQ(Get("key"), kMissing);
  Set("key", "value");
  EXPECT_EQ(Put(StoreMode::kReplace, "key", "another"), StoreOutcome::kStored);
  EXPECT_EQ(Get("key"), "another");
}

TEST_F(StoreTest, CompareAndSwap) {
  StoreCondition condition;
  condition.compare_cas = true;
  condition.cas = 1;
  EXPECT_EQ(Put("key", "value", condition).outcome, StoreOutcome::kNotFound);
  const StoreResult stored = Put("key", "value");
  EXPECT_EQ(stored.cas, CasOf("key"));
  EXPECT_EQ(Put("key", "other", condition).outcome, StoreOutcome::kExists);
  EXPECT_EQ(Get("key"), "value");
  condition.cas = stored.cas;
  const StoreResult swapped = Put("key", "swapped", condition);
  EXPECT_EQ(swapped.outcome, StoreOutcome::kStored);
  EXPECT_GT(swapped.cas, stored.cas);
  EXPECT_EQ(Put("key", "late", condition).outcome, StoreOutcome::kExists);
  EXPECT_EQ(Get("key"), "swapped");
}

TEST_F(StoreTest, EveryModeObeysTheCasId) {
  const std::uint64_t cas = Put("key", "value").cas;
  for (const StoreMode mode :
       {StoreMode::kSet, StoreMode::kReplace, StoreMode::kAppend, StoreMode::kPrepend}) {
    StoreCondition condition;
    condition.mode = mode;
    condition.compare_cas = true;
    condition.cas = cas + 1;
    EXPECT_EQ(Put("key", "x", condition).outcome, StoreOutcome::kExists);
    EXPECT_EQ(Put("no such key", "x", condition).outcome, StoreOutcome::kNotFound);
  }
  EXPECT_EQ(Get("key"), "value");
}

TEST_F(StoreTest, AnOlderCasIdIsAcceptedAsStaleIfAskedFor) {
  const std::uint64_t old_cas = Put("key", "old", StoreCondition(), now_ + 100).cas;
  Put("key", "newer", StoreCondition(), now_ + 200);
  Access("key", [](ItemEditor& editor) { editor.SetWinSent(true); });
  StoreCondition condition;
  condition.compare_cas = true;
  condition.accept_older_cas = true;
  condition.cas = old_cas;
  EXPECT_EQ(Put("key", "late", condition, now_ + 300).outcome, StoreOutcome::kStored);
  Access("key", [&](ItemEditor& editor) {
    EXPECT_EQ(editor.item().value(), "late");
    EXPECT_TRUE(editor.item().stale());
    EXPECT_TRUE(editor.item().win_sent());
    EXPECT_EQ(editor.item().expires_at(), now_ + 200);
  });
  condition.cas = CasOf("key") + 1;
  EXPECT_EQ(Put("key", "from the future", condition).outcome, StoreOutcome::kExists);
}

TEST_F(StoreTest, AGivenCasIdIsUsed) {
  StoreCondition condition;
  condition.use_new_cas = true;
  condition.new_cas = 12345;
  EXPECT_EQ(Put("key", "value", condition).cas, 12345u);
  EXPECT_EQ(CasOf("key"), 12345u);
}

TEST_F(StoreTest, CasIdsAreUniqueAndGrowForEachKey) {
  std::set<std::uint64_t> seen;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 100; ++i) {
      const std::string key = "key" + std::to_string(i);
      const std::uint64_t before = CasOf(key);
      Set(key, "1");
      EXPECT_GT(CasOf(key), before);
      EXPECT_TRUE(seen.insert(CasOf(key)).second);
      Increment(key, 1);
      EXPECT_TRUE(seen.insert(CasOf(key)).second);
    }
  }
}

TEST_F(StoreTest, ARestartRepeatsNoCasId) {
  StoreOptions options;
  options.cas_start = 1'000'000;
  Open(options);
  std::uint64_t last = 0;
  for (int i = 0; i < 1000; ++i) last = Put("key", "value").cas;
  options.cas_start += CasClock::kTicksPerSecond;  // a second later
  Open(options);
  EXPECT_GT(Put("key", "value").cas, last);
}

TEST_F(StoreTest, WithoutCasItemsAreSmallerAndIdsReadAsZero) {
  Set("key", "value");
  const std::size_t with = store_->Stats().item_bytes;
  StoreOptions options;
  options.cas = false;
  Open(options);
  Set("key", "value");
  EXPECT_EQ(store_->Stats().item_bytes, with - 4);
  EXPECT_EQ(Get("key"), "value");
  EXPECT_EQ(CasOf("key"), 0u);
  Put("flagged", "value", StoreCondition(), kNever, 7);
  Access("flagged", [](ItemEditor& editor) {
    EXPECT_EQ(editor.item().client_flags(), 7u);
    EXPECT_EQ(editor.item().key(), "flagged");
  });
}

TEST_F(StoreTest, RemoveRemoves) {
  EXPECT_EQ(Remove("key"), StoreOutcome::kNotFound);
  Set("key", "value");
  EXPECT_EQ(Remove("key"), StoreOutcome::kStored);
  EXPECT_EQ(Get("key"), kMissing);
  EXPECT_EQ(store_->Stats().items, 0u);
}

TEST_F(StoreTest, RemoveComparesTheCasId) {
  Set("key", "value");
  RemoveOptions options;
  options.compare_cas = true;
  options.cas = CasOf("key") + 1;
  EXPECT_EQ(Remove("key", options), StoreOutcome::kExists);
  options.drop_value = true;
  EXPECT_EQ(Remove("key", options), StoreOutcome::kExists);
  EXPECT_EQ(Get("key"), "value");
  options.drop_value = false;
  options.cas = CasOf("key");
  EXPECT_EQ(Remove("key", options), StoreOutcome::kStored);
  EXPECT_EQ(Get("key"), kMissing);
}

TEST_F(StoreTest, MarkStaleKeepsTheItemWithAFreshCasIdAndOffersItsWinAgain) {
  Set("key", "value");
  Access("key", [](ItemEditor& editor) { editor.SetWinSent(true); });
  const std::uint64_t before = CasOf("key");
  RemoveOptions options;
  options.mark_stale = true;
  options.set_expires_at = true;
  options.expires_at = now_ + 30;
  EXPECT_EQ(Remove("key", options), StoreOutcome::kStored);
  Access("key", [&](ItemEditor& editor) {
    EXPECT_EQ(editor.item().value(), "value");
    EXPECT_TRUE(editor.item().stale());
    EXPECT_FALSE(editor.item().win_sent());
    EXPECT_GT(editor.cas(), before);
    EXPECT_EQ(editor.item().expires_at(), now_ + 30);
  });
  Set("key", "fresh");
  Access("key", [](ItemEditor& editor) { EXPECT_FALSE(editor.item().stale()); });
}

TEST_F(StoreTest, DropValueKeepsTheItemButEmptyAndWithoutFlags) {
  RemoveOptions options;
  options.drop_value = true;
  EXPECT_EQ(Remove("key", options), StoreOutcome::kNotFound);
  Put("key", std::string(5000, 'v'), StoreCondition(), now_ + 50, 99);
  EXPECT_EQ(Remove("key", options), StoreOutcome::kStored);
  Access("key", [&](ItemEditor& editor) {
    EXPECT_EQ(editor.item().value(), "");
    EXPECT_EQ(editor.item().client_flags(), 0u);
    EXPECT_EQ(editor.item().expires_at(), now_ + 50);
    EXPECT_FALSE(editor.item().stale());
  });
  options.mark_stale = true;
  options.use_new_cas = true;
  options.new_cas = 4711;
  EXPECT_EQ(Remove("key", options), StoreOutcome::kStored);
  Access("key", [](ItemEditor& editor) {
    EXPECT_TRUE(editor.item().stale());
    EXPECT_EQ(editor.cas(), 4711u);
  });
}

TEST_F(StoreTest, WinSentCanBeCreatedWithTheItem) {
  StoreCondition condition;
  condition.mode = StoreMode::kAdd;
  condition.win_sent = true;
  Put("key", "", condition);
  Access("key", [](ItemEditor& editor) { EXPECT_TRUE(editor.item().win_sent()); });
}

TEST_F(StoreTest, APendingItemIsInvisibleUntilCommittedAndMayBeDropped) {
  {
    PendingItem pending = store_->Allocate("key", store_->Hash("key"), 5, 0, kNever, now_);
    ASSERT_TRUE(pending);
    EXPECT_EQ(Get("key"), kMissing);
  }
  EXPECT_EQ(store_->CheckInvariants(), "");
  PendingItem pending = store_->Allocate("key", store_->Hash("key"), 5, 0, kNever, now_);
  absl::string_view("value").copy(pending.RoomFrom(0, now_).data(), 5);
  PendingItem moved = std::move(pending);
  EXPECT_EQ(store_->Commit(std::move(moved), StoreCondition(), now_).outcome,
            StoreOutcome::kStored);
  EXPECT_EQ(Get("key"), "value");
}

TEST_F(StoreTest, UsesAreCountedUpToThreeWithTimeOfTheLast) {
  Set("key", "value");
  Access("key", [](ItemEditor& editor) { EXPECT_FALSE(editor.item().fetched()); });
  now_ += 10;
  for (int i = 0; i < 5; ++i) Get("key");
  Access("key", [&](ItemEditor& editor) {
    EXPECT_TRUE(editor.item().fetched());
    EXPECT_EQ(editor.item().uses(), 3);
    EXPECT_EQ(editor.item().idle_seconds(now_ + 7), 7u);
  });
}

TEST_F(StoreTest, MultiGetVisitsTheHitsInOrder) {
  std::vector<std::string> keys;
  for (int i = 0; i < 100; ++i) keys.push_back("key" + std::to_string(i));
  for (int i = 0; i < 100; i += 2) Set(keys[static_cast<std::size_t>(i)], std::to_string(i));
  const std::vector<absl::string_view> views(keys.begin(), keys.end());
  std::size_t expected = 0;
  const std::size_t hits = store_->MultiGet(views, now_, [&](std::size_t i, ItemEditor& editor) {
    EXPECT_EQ(i, expected);
    EXPECT_EQ(editor.item().value(), std::to_string(i));
    EXPECT_TRUE(editor.item().fetched());
    expected += 2;
  });
  EXPECT_EQ(hits, 50u);
}

TEST_F(StoreTest, StatsCountContentsAndResetOnlyEvents) {
  Set("a", "1");
  Set("a", "22");
  Set("b", "333");
  StoreStats stats = store_->Stats();
  EXPECT_EQ(stats.items, 2u);
  EXPECT_EQ(stats.total_items, 2u) << "the second value lies where the first lay";
  EXPECT_EQ(stats.item_bytes, 2 * (kItemOverhead + 1) + 2 + 3u);
  EXPECT_EQ(stats.page_bytes, kPageBytes);
  // The index and the queues share the limit with the pages.
  const std::size_t for_pages = stats.limit_bytes - stats.index_bytes - stats.policy_bytes;
  EXPECT_EQ(stats.free_pages, for_pages / kPageBytes - 1);
  EXPECT_GE(stats.index_items_log2, 15);
  store_->ResetStats();
  stats = store_->Stats();
  EXPECT_EQ(stats.items, 2u);
  EXPECT_EQ(stats.total_items, 0u);
}

}  // namespace
}  // namespace ringcache::storage

// Pins, and the operations that make a new item from the present one: append, prepend, arithmetic.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "storage/store.h"
#include "storage/store_fixture.h"

namespace ringcache::storage {
namespace {

class StoreReplaceTest : public StoreFixture {};

TEST_F(StoreReplaceTest, APinKeepsTheBytesWhateverHappensToTheKey) {
  Set("key", "value");
  PinnedItem pin = Pin("key");
  Remove("key");
  EXPECT_EQ(pin->value(), "value");
  EXPECT_EQ(Get("key"), kMissing);
  Set("key", "second");
  PinnedItem second = Pin("key");
  Set("key", "third");
  store_->FlushAll(now_, now_);
  EXPECT_EQ(Get("key"), kMissing);
  EXPECT_EQ(pin->value(), "value");
  EXPECT_EQ(second->value(), "second");
}

TEST_F(StoreReplaceTest, AChunkIsFreeOnceItsLastPinIsGone) {
  Set("key", "value");
  PinnedItem one = Pin("key");
  PinnedItem two = Pin("key");
  PinnedItem moved = std::move(one);
  EXPECT_FALSE(one);  // NOLINT: a moved-from pin is empty
  Remove("key");
  const int size_class = store_->size_classes().ClassFor(kItemOverhead + 3 + 5);
  EXPECT_EQ(store_->ClassStats(size_class).used_chunks, 1u);
  moved.Release();
  EXPECT_EQ(store_->ClassStats(size_class).used_chunks, 1u);
  two.Release();
  EXPECT_EQ(store_->ClassStats(size_class).used_chunks, 0u);
}

TEST_F(StoreReplaceTest, AnItemMayHaveManyPinsAndIsFreedWithTheLast) {
  Set("key", "1");
  std::vector<PinnedItem> pins;
  for (int i = 0; i < 100'000; ++i) pins.push_back(Pin("key"));
  EXPECT_EQ(Increment("key", 1).number, 2u);
  EXPECT_EQ(pins.front()->value(), "1");
  const int size_class = store_->size_classes().ClassFor(kItemOverhead + 3 + 1);
  EXPECT_EQ(store_->ClassStats(size_class).used_chunks, 2u);
  pins.resize(1);
  EXPECT_EQ(store_->ClassStats(size_class).used_chunks, 2u);
  pins.clear();
  EXPECT_EQ(store_->ClassStats(size_class).used_chunks, 1u);
}

TEST_F(StoreReplaceTest, AppendAndPrependKeepFlagsAndExpiry) {
  Put("key", "b", StoreCondition(), now_ + 10, 5);
  EXPECT_EQ(Put(StoreMode::kAppend, "key", "c"), StoreOutcome::kStored);
  EXPECT_EQ(Put(StoreMode::kPrepend, "key", "a"), StoreOutcome::kStored);
  Access("key", [&](ItemEditor& editor) {
    EXPECT_EQ(editor.item().value(), "abc");
    EXPECT_EQ(editor.item().client_flags(), 5u);
    EXPECT_EQ(editor.item().expires_at(), now_ + 10);
  });
}

TEST_F(StoreReplaceTest, AppendNeedsAnItemUnlessItMayCreateOne) {
  EXPECT_EQ(Put(StoreMode::kAppend, "key", "x"), StoreOutcome::kNotStored);
  EXPECT_EQ(Put(StoreMode::kPrepend, "key", "x"), StoreOutcome::kNotStored);
  StoreCondition condition;
  condition.mode = StoreMode::kAppend;
  condition.create = true;
  EXPECT_EQ(Put("key", "new", condition).outcome, StoreOutcome::kStored);
  const StoreResult result = Put("key", "er", condition);
  EXPECT_EQ(result.value_bytes, 5u);
  EXPECT_EQ(Get("key"), "newer");
}

TEST_F(StoreReplaceTest, AppendGrowsThroughSizeClassesUpToTheLargestItem) {
  std::string expected;
  Set("key", "");
  while (expected.size() < 600'000) {
    const std::string more(expected.size() / 2 + 1, static_cast<char>('a' + expected.size() % 26));
    ASSERT_EQ(Put(StoreMode::kAppend, "key", more), StoreOutcome::kStored);
    expected += more;
    ASSERT_EQ(Get("key"), expected);
  }
  EXPECT_EQ(Put(StoreMode::kAppend, "key", std::string(600'000, 'x')), StoreOutcome::kTooLarge);
  EXPECT_EQ(Get("key"), expected);
}

TEST_F(StoreReplaceTest, IncrementsWrapAndDecrementsStopAtZero) {
  EXPECT_EQ(Increment("n", 1).outcome, StoreOutcome::kNotFound);
  Set("n", "41");
  EXPECT_EQ(Increment("n", 1).number, 42u);
  EXPECT_EQ(Get("n"), "42");
  EXPECT_EQ(Decrement("n", 100).number, 0u);
  EXPECT_EQ(Get("n"), "0 ");
  Set("n", "18446744073709551615");
  EXPECT_EQ(Increment("n", 1).number, 0u);
  Set("n", "18446744073709551615");
  EXPECT_EQ(Increment("n", 3).number, 2u);
}

TEST_F(StoreReplaceTest, AShorterNumberIsPaddedAndALongerOneGrows) {
  Set("n", "10");
  const StoreResult shorter = Decrement("n", 1);
  EXPECT_EQ(Get("n"), "9 ");
  EXPECT_EQ(shorter.value_bytes, 2u);
  EXPECT_EQ(Increment("n", 1).number, 10u) << "padding is read back as a number";
  Put("n", "99", StoreCondition(), now_ + 5, 3);
  const StoreResult longer = Increment("n", 1);
  EXPECT_EQ(longer.value_bytes, 3u);
  Access("n", [&](ItemEditor& editor) {
    EXPECT_EQ(editor.item().value(), "100");
    EXPECT_EQ(editor.item().client_flags(), 3u);
    EXPECT_EQ(editor.item().expires_at(), now_ + 5);
    EXPECT_EQ(editor.cas(), longer.cas);
  });
}

TEST_F(StoreReplaceTest, WhatIsNoNumberStaysAsItIs) {
  for (const absl::string_view text : {"", " ", "x", "1x", "-1", "1 2", "18446744073709551616",
                                       "1.5", "0x10", "99999999999999999999999"}) {
    Set("n", text);
    EXPECT_EQ(Increment("n", 1).outcome, StoreOutcome::kNonNumeric) << text;
    EXPECT_EQ(Get("n"), text);
  }
}

TEST_F(StoreReplaceTest, ArithmeticObeysAndSetsCasIdsAndExpiry) {
  Set("n", "5");
  ArithmeticOptions options;
  options.compare_cas = true;
  options.cas = CasOf("n") + 1;
  EXPECT_EQ(Arithmetic("n", options).outcome, StoreOutcome::kExists);
  options.cas = CasOf("n");
  options.use_new_cas = true;
  options.new_cas = 77;
  options.set_expires_at = true;
  options.expires_at = now_ + 9;
  const StoreResult result = Arithmetic("n", options);
  EXPECT_EQ(result.number, 6u);
  EXPECT_EQ(result.cas, 77u);
  EXPECT_EQ(result.expires_at, now_ + 9);
  EXPECT_EQ(CasOf("n"), 77u);
}

TEST_F(StoreReplaceTest, ArithmeticKeepsTheMarksOfTheItemAlsoInACopy) {
  Set("n", "9");
  RemoveOptions options;
  options.mark_stale = true;
  Remove("n", options);
  Access("n", [](ItemEditor& editor) { editor.SetWinSent(true); });
  for (const std::uint64_t delta : {1, 1}) {  // 10 needs a longer item, 11 does not
    Increment("n", delta);
    Access("n", [](ItemEditor& editor) {
      EXPECT_TRUE(editor.item().stale());
      EXPECT_TRUE(editor.item().win_sent());
    });
  }
  EXPECT_EQ(Get("n"), "11");
}

TEST_F(StoreReplaceTest, ArithmeticOnAPinnedItemWritesACopy) {
  Set("n", "10");
  const PinnedItem pin = Pin("n");
  ArithmeticOptions options;
  options.delta = 3;
  options.decrement = true;
  options.use_new_cas = true;
  options.new_cas = 5;
  options.set_expires_at = true;
  options.expires_at = now_ + 7;
  const StoreResult result = Arithmetic("n", options);
  EXPECT_EQ(result.number, 7u);
  EXPECT_EQ(result.cas, 5u);
  EXPECT_EQ(result.expires_at, now_ + 7);
  EXPECT_EQ(pin->value(), "10");
  EXPECT_EQ(Get("n"), "7 ");
}

}  // namespace
}  // namespace ringcache::storage

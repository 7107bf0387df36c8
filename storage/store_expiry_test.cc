// Times to live and flushes.

#include <string>

#include "gtest/gtest.h"
#include "storage/store.h"
#include "storage/store_fixture.h"

namespace ringcache::storage {
namespace {

class StoreExpiryTest : public StoreFixture {
 protected:
  int CountLive(int keys) {
    int live = 0;
    for (int i = 0; i < keys; ++i) live += Look("key" + std::to_string(i)) == Lookup::kHit ? 1 : 0;
    return live;
  }
  void SetMany(int keys) {
    for (int i = 0; i < keys; ++i) ASSERT_TRUE(Set("key" + std::to_string(i), "value"));
  }
};

TEST_F(StoreExpiryTest, AnItemDiesInTheSecondThatItNames) {
  Set("key", "value", now_ + 10);
  now_ += 9;
  EXPECT_EQ(Look("key"), Lookup::kHit);
  now_ += 1;
  EXPECT_EQ(Look("key"), Lookup::kExpired);
  EXPECT_EQ(Look("key"), Lookup::kMiss) << "it was removed on the way";
  EXPECT_EQ(store_->Stats().items, 0u);
}

TEST_F(StoreExpiryTest, WithoutAnExpiryItNeverDies) {
  Set("key", "value");
  now_ = 4'000'000'000;
  EXPECT_EQ(Get("key"), "value");
}

TEST_F(StoreExpiryTest, ExpiredOnArrivalIsStoredButDead) {
  Set("key", "value");
  EXPECT_TRUE(Set("key", "dead", now_ - 1));
  EXPECT_EQ(Look("key"), Lookup::kExpired);
}

TEST_F(StoreExpiryTest, AnExpiredItemIsAsGoodAsNoneToEveryOperation) {
  const auto expire = [&] {
    Set("key", "7", now_ + 1);
    now_ += 1;
  };
  expire();
  EXPECT_EQ(Put(StoreMode::kReplace, "key", "x"), StoreOutcome::kNotStored);
  expire();
  EXPECT_EQ(Put(StoreMode::kAppend, "key", "x"), StoreOutcome::kNotStored);
  expire();
  EXPECT_EQ(Increment("key", 1).outcome, StoreOutcome::kNotFound);
  expire();
  EXPECT_EQ(Remove("key"), StoreOutcome::kNotFound);
  expire();
  StoreCondition condition;
  condition.compare_cas = true;
  EXPECT_EQ(Put("key", "x", condition).outcome, StoreOutcome::kNotFound);
  expire();
  EXPECT_EQ(Put(StoreMode::kAdd, "key", "x"), StoreOutcome::kStored);
}

TEST_F(StoreExpiryTest, ATouchMovesTheExpiry) {
  Set("key", "value", now_ + 10);
  Access("key", [&](ItemEditor& editor) { editor.SetExpiresAt(now_ + 100); });
  now_ += 50;
  EXPECT_EQ(Get("key"), "value");
}

TEST_F(StoreExpiryTest, AFlushKillsWhatIsThereAndNothingThatComesInTheSameSecond) {
  Set("old", "value");
  store_->FlushAll(now_, now_);
  Set("new", "value");
  EXPECT_EQ(Look("old"), Lookup::kFlushed);
  EXPECT_EQ(Look("new"), Lookup::kHit);
}

TEST_F(StoreExpiryTest, ADelayedFlushKillsWhatIsThereWhenItFallsDue) {
  Set("early", "value");
  store_->FlushAll(now_ + 10, now_);
  now_ += 9;
  Set("before", "value");
  EXPECT_EQ(Look("early"), Lookup::kHit);
  now_ += 1;
  EXPECT_EQ(Look("early"), Lookup::kFlushed);
  EXPECT_EQ(Look("before"), Lookup::kFlushed);
  Set("after", "value");
  EXPECT_EQ(Look("after"), Lookup::kHit);
}

TEST_F(StoreExpiryTest, ADelayedFlushSparesTheFirstSetAfterIt) {
  Set("old", "value");
  store_->FlushAll(now_ + 10, now_);
  now_ += 20;
  Set("new", "value");
  EXPECT_EQ(Look("old"), Lookup::kFlushed);
  EXPECT_EQ(Look("new"), Lookup::kHit);
}

TEST_F(StoreExpiryTest, ALaterFlushReplacesAPendingOne) {
  Set("key", "value");
  store_->FlushAll(now_ + 10, now_);
  store_->FlushAll(now_ + 20, now_);
  now_ += 15;
  EXPECT_EQ(Look("key"), Lookup::kHit);
  now_ += 5;
  EXPECT_EQ(Look("key"), Lookup::kFlushed);
  store_->FlushAll(now_ + 10, now_);
  store_->FlushAll(now_, now_);
  Set("key", "value");
  now_ += 10;
  EXPECT_EQ(Look("key"), Lookup::kHit);
}

TEST_F(StoreExpiryTest, AFlushThatFellDueUnseenIsNotReplaced) {
  Set("key", "value");
  store_->FlushAll(now_ + 10, now_);
  now_ += 20;
  store_->FlushAll(now_ + 30, now_);
  EXPECT_EQ(Look("key"), Lookup::kFlushed);
}

TEST_F(StoreExpiryTest, TheFlushCountComesRoundWithoutRaisingTheDead) {
  // The count is kept modulo 256; nothing else happens between the flushes.
  for (const int flushes : {255, 256, 257, 300, 512}) {
    SetMany(3000);
    for (int flush = 0; flush < flushes; ++flush) store_->FlushAll(now_, now_);
    EXPECT_EQ(CountLive(3000), 0) << flushes;
    EXPECT_EQ(store_->Stats().items, 0u);
  }
}

TEST_F(StoreExpiryTest, DeadItemsOfManyFlushesNeverComeBack) {
  for (int flush = 0; flush < 300; ++flush) {
    Set("dead" + std::to_string(flush), "value");
    store_->FlushAll(now_, now_);
    Set("live", std::to_string(flush));
    ASSERT_EQ(Get("live"), std::to_string(flush));
    for (int dead = flush % 7; dead <= flush; dead += 41) {
      ASSERT_EQ(Get("dead" + std::to_string(dead)), kMissing) << flush;
    }
  }
}

TEST_F(StoreExpiryTest, AFlushIsSweptByTheSetsThatFollow) {
  SetMany(5000);
  store_->FlushAll(now_, now_);
  EXPECT_EQ(store_->Stats().items, 5000u);
  // Also when the index grows meanwhile.
  for (int i = 0; i < 60'000; ++i) ASSERT_TRUE(Set("n" + std::to_string(i), ""));
  EXPECT_EQ(store_->Stats().items, 60'000u);
  EXPECT_EQ(store_->Stats().events.evictions, 0u);
}

}  // namespace
}  // namespace ringcache::storage

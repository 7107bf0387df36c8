// How many items of each size there are. After each test the fixture counts them anew and compares.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "gtest/gtest.h"
#include "storage/store.h"
#include "storage/store_fixture.h"

namespace ringcache::storage {
namespace {

class StoreSizesTest : public StoreFixture {
 protected:
  using Sizes = std::map<std::size_t, std::uint64_t>;

  StoreSizesTest() : StoreFixture(Small(8)) {}
  void OpenCounting(bool cas = true) {
    StoreOptions options = Small(8);
    options.track_sizes = true;
    options.cas = cas;
    Open(options);
  }
  // Sets a key of one letter to an item of so many bytes.
  bool SetItem(absl::string_view key, std::size_t bytes, UnixSeconds expires_at = kNever) {
    return Set(key, std::string(bytes - kItemOverhead - key.size(), 'v'), expires_at);
  }
  Sizes Counted() const {
    Sizes sizes;
    for (const SizeHistogram::Row& row : store_->sizes().Rows()) sizes[row.bytes] = row.items;
    return sizes;
  }
};

TEST_F(StoreSizesTest, AreCountedFromTheStartIfItIsToldSo) {
  EXPECT_FALSE(store_->sizes().on());
  OpenCounting();
  EXPECT_TRUE(SetItem("a", 64));
  EXPECT_TRUE(SetItem("b", 65));
  EXPECT_TRUE(SetItem("c", 96));
  EXPECT_EQ(Counted(), (Sizes{{64, 1}, {96, 2}}));
}

TEST_F(StoreSizesTest, FollowWhatHappensToAnItem) {
  OpenCounting();
  EXPECT_TRUE(SetItem("a", 64));
  EXPECT_TRUE(SetItem("a", 90));  // in its chunk
  EXPECT_EQ(Counted(), (Sizes{{96, 1}}));
  EXPECT_TRUE(SetItem("a", 1000));  // in another
  EXPECT_EQ(Counted(), (Sizes{{1024, 1}}));
  EXPECT_EQ(Put(StoreMode::kAppend, "a", std::string(32, 'v')), StoreOutcome::kStored);
  EXPECT_EQ(Counted(), (Sizes{{1056, 1}}));
  EXPECT_EQ(Put(StoreMode::kAdd, "a", "v"), StoreOutcome::kNotStored);
  RemoveOptions stale;
  stale.mark_stale = true;
  EXPECT_EQ(Remove("a", stale), StoreOutcome::kStored);
  EXPECT_EQ(Counted(), (Sizes{{1056, 1}}));
  stale.drop_value = true;
  EXPECT_EQ(Remove("a", stale), StoreOutcome::kStored);
  EXPECT_EQ(Counted(), (Sizes{{32, 1}}));
  EXPECT_EQ(Remove("a"), StoreOutcome::kStored);
  EXPECT_EQ(Counted(), Sizes());
  EXPECT_TRUE(Set("n", "99999999999"));
  EXPECT_EQ(Increment("n", 1).number, 100'000'000'000u);  // a digit more than fits 32 bytes
  EXPECT_EQ(Increment("n", 1).number, 100'000'000'001u);
  EXPECT_EQ(Counted(), (Sizes{{64, 1}}));
}

TEST_F(StoreSizesTest, DeadItemsAreCountedUntilTheyAreRemoved) {
  OpenCounting();
  EXPECT_TRUE(SetItem("a", 64, now_ + 1));
  EXPECT_TRUE(SetItem("b", 128, now_ + 1));
  EXPECT_TRUE(SetItem("c", 256));
  now_ += 1;
  EXPECT_EQ(Counted(), (Sizes{{64, 1}, {128, 1}, {256, 1}}));
  EXPECT_EQ(Look("a"), Lookup::kExpired);
  EXPECT_EQ(Counted(), (Sizes{{128, 1}, {256, 1}}));
  while (store_->Maintain(now_)) {
  }
  EXPECT_EQ(Counted(), (Sizes{{256, 1}}));
  store_->FlushAll(now_, now_);
  EXPECT_EQ(Counted(), (Sizes{{256, 1}}));
  while (store_->Maintain(now_)) {
  }
  EXPECT_EQ(Counted(), Sizes());
}

TEST_F(StoreSizesTest, EvictedItemsAreNotCounted) {
  OpenCounting();
  for (int i = 0; i < 30'000; ++i) {
    EXPECT_TRUE(Set("k" + std::to_string(i), std::string(300, 'v')));
  }
  const StoreStats stats = store_->Stats();
  ASSERT_GT(stats.events.evictions, 0u);
  EXPECT_EQ(Counted(), (Sizes{{352, stats.items}}));
}

TEST_F(StoreSizesTest, CountingThatStartsLateLeavesOutWhatWasThere) {
  EXPECT_TRUE(SetItem("a", 64));
  EXPECT_TRUE(SetItem("b", 64));
  EXPECT_TRUE(store_->CountSizes());
  EXPECT_EQ(Counted(), Sizes());
  EXPECT_TRUE(SetItem("c", 128));
  EXPECT_TRUE(SetItem("a", 66));  // in its place, but with an id of its own
  EXPECT_EQ(Counted(), (Sizes{{96, 1}, {128, 1}}));
  EXPECT_EQ(Remove("b"), StoreOutcome::kStored);
  EXPECT_EQ(Remove("c"), StoreOutcome::kStored);
  EXPECT_EQ(Counted(), (Sizes{{96, 1}}));
  EXPECT_TRUE(store_->CountSizes());
  EXPECT_EQ(Counted(), (Sizes{{96, 1}}));
  store_->StopCountingSizes();
  EXPECT_EQ(Counted(), Sizes());
  EXPECT_TRUE(store_->CountSizes());
  EXPECT_EQ(Counted(), Sizes());
  EXPECT_EQ(Remove("a"), StoreOutcome::kStored);
  EXPECT_EQ(Counted(), Sizes());
}

TEST_F(StoreSizesTest, AnIdThatAClientChoseSpeaksForItself) {
  EXPECT_TRUE(SetItem("a", 64));
  EXPECT_TRUE(store_->CountSizes());
  StoreCondition chosen;
  chosen.use_new_cas = true;
  chosen.new_cas = 5;  // as if it had been given out long ago
  EXPECT_EQ(Put("b", "v", chosen).outcome, StoreOutcome::kStored);
  EXPECT_EQ(Counted(), Sizes());
  chosen.new_cas = ~std::uint64_t{0};
  EXPECT_EQ(Put("c", std::string(100, 'v'), chosen).outcome, StoreOutcome::kStored);
  EXPECT_EQ(Counted(), (Sizes{{128, 1}}));
  EXPECT_EQ(Remove("b"), StoreOutcome::kStored);
  EXPECT_EQ(Remove("c"), StoreOutcome::kStored);
  EXPECT_EQ(Counted(), Sizes());
}

TEST_F(StoreSizesTest, WithoutIdsCountingStartsAtTheStartOrNotAtAll) {
  OpenCounting(/*cas=*/false);
  EXPECT_TRUE(Set("a", std::string(100, 'v')));
  EXPECT_EQ(Counted(), (Sizes{{128, 1}}));
  EXPECT_FALSE(store_->CountSizes());
  EXPECT_EQ(Counted(), (Sizes{{128, 1}}));
  store_->StopCountingSizes();
  EXPECT_FALSE(store_->CountSizes());
  EXPECT_FALSE(store_->sizes().on());
}

}  // namespace
}  // namespace ringcache::storage

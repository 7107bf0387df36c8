#include "storage/pin_table.h"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::storage {
namespace {

constexpr ItemHandle kItem = 17;
constexpr ItemHandle kOther = 18;
constexpr std::size_t kBytes = 100;

class PinTableTest : public testing::Test {
 protected:
  PinTable pins_;
};

TEST_F(PinTableTest, HoldsNothingAtFirst) {
  EXPECT_FALSE(pins_.Holds(kItem));
  EXPECT_EQ(pins_.size(), 0u);
}

TEST_F(PinTableTest, CountsTheBytesOfAnItemOnceHoweverManyHoldIt) {
  pins_.Add(kItem, kBytes);
  pins_.Add(kItem, kBytes);
  pins_.Add(kOther, 7);
  EXPECT_EQ(pins_.held_bytes(), kBytes + 7);
  pins_.Remove(kItem);
  EXPECT_EQ(pins_.held_bytes(), kBytes + 7);
  pins_.Remove(kItem);
  EXPECT_EQ(pins_.held_bytes(), 7u);
  pins_.GiveUp(kOther);
  EXPECT_EQ(pins_.held_bytes(), 7u) << "its memory is not free yet";
  pins_.Remove(kOther);
  EXPECT_EQ(pins_.held_bytes(), 0u);
}

TEST_F(PinTableTest, HoldsAnItemFromItsFirstPinToItsLast) {
  pins_.Add(kItem, kBytes);
  EXPECT_TRUE(pins_.Holds(kItem));
  EXPECT_FALSE(pins_.Holds(kOther));
  EXPECT_EQ(pins_.size(), 1u);
  EXPECT_FALSE(pins_.Remove(kItem));
  EXPECT_FALSE(pins_.Holds(kItem));
  EXPECT_EQ(pins_.size(), 0u);
}

TEST_F(PinTableTest, CountsThePinsOfAnItem) {
  for (int i = 0; i < 3; ++i) pins_.Add(kItem, kBytes);
  EXPECT_EQ(pins_.size(), 1u);
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(pins_.Remove(kItem));
    EXPECT_TRUE(pins_.Holds(kItem));
  }
  EXPECT_FALSE(pins_.Remove(kItem));
  EXPECT_FALSE(pins_.Holds(kItem));
}

TEST_F(PinTableTest, AnItemThatNobodyHoldsIsFreedByWhoGivesItUp) {
  EXPECT_FALSE(pins_.GiveUp(kItem));
  pins_.Add(kItem, kBytes);
  pins_.Remove(kItem);
  EXPECT_FALSE(pins_.GiveUp(kItem));
  EXPECT_EQ(pins_.size(), 0u);
}

TEST_F(PinTableTest, AnItemThatWasGivenUpIsFreedByItsLastPin) {
  for (int i = 0; i < 3; ++i) pins_.Add(kItem, kBytes);
  EXPECT_FALSE(pins_.Remove(kItem));
  EXPECT_TRUE(pins_.GiveUp(kItem));
  EXPECT_TRUE(pins_.Holds(kItem));
  EXPECT_FALSE(pins_.Remove(kItem));
  EXPECT_TRUE(pins_.Remove(kItem));
  EXPECT_FALSE(pins_.Holds(kItem));
  EXPECT_EQ(pins_.size(), 0u);
}

TEST_F(PinTableTest, TheNextItemInTheChunkIsNotGivenUp) {
  pins_.Add(kItem, kBytes);
  EXPECT_TRUE(pins_.GiveUp(kItem));
  EXPECT_TRUE(pins_.Remove(kItem));
  pins_.Add(kItem, kBytes);
  EXPECT_FALSE(pins_.Remove(kItem));
}

TEST_F(PinTableTest, GivingUpAnItemLeavesTheOthers) {
  pins_.Add(kItem, kBytes);
  pins_.Add(kOther, kBytes);
  EXPECT_TRUE(pins_.GiveUp(kItem));
  EXPECT_FALSE(pins_.Remove(kOther));
  EXPECT_TRUE(pins_.Remove(kItem));
}

TEST_F(PinTableTest, HoldsManyItemsAtOnce) {
  // Handles of neighbouring chunks, and those at both ends of their range.
  std::vector<ItemHandle> handles = {~ItemHandle{0}, ~ItemHandle{0} - 1};
  for (ItemHandle handle = 1; handle <= 5'000; ++handle) handles.push_back(handle);
  for (const ItemHandle handle : handles) pins_.Add(handle, kBytes);
  EXPECT_EQ(pins_.size(), handles.size());
  for (const ItemHandle handle : handles) {
    const bool given_up = handle % 3 == 0;
    if (given_up) {
      EXPECT_TRUE(pins_.GiveUp(handle));
    }
    EXPECT_EQ(pins_.Remove(handle), given_up);
    EXPECT_FALSE(pins_.Holds(handle));
  }
  EXPECT_EQ(pins_.size(), 0u);
}

// Readers that hold items for a moment, and one party that takes items from the index and gives
// them up outside the key's lock, as the store does.
class PinTableThreadsTest : public PinTableTest {
 protected:
  static constexpr std::size_t kItems = 2'000;

  struct SharedItem {
    std::mutex key_lock;
    bool in_index = true;  // under key_lock
    std::atomic<bool> was_pinned{false};
    // Plain: a thread sanitizer sees a reader without a pin, and two that free the item.
    int frees = 0;
  };

  static ItemHandle HandleOf(std::size_t i) { return static_cast<ItemHandle>(i + 1); }

  bool Pin(std::size_t i) {
    const std::lock_guard hold(items_[i].key_lock);
    if (!items_[i].in_index) return false;
    pins_.Add(HandleOf(i), kBytes);
    return true;
  }
  void Unpin(std::size_t i) {
    if (items_[i].frees != 0) ++freed_while_held_;
    if (pins_.Remove(HandleOf(i))) {
      ++items_[i].frees;
      ++freed_by_readers_;
    }
  }

  void ReadAll() {
    for (std::size_t i = 0; i < kItems; ++i) {
      while (Pin(i)) {
        items_[i].was_pinned = true;
        std::this_thread::yield();  // lets other pins of the item come
        Unpin(i);
      }
    }
  }
  void GiveAllUp() {
    for (std::size_t i = 0; i < kItems; ++i) {
      while (!items_[i].was_pinned) std::this_thread::yield();
      {
        const std::lock_guard hold(items_[i].key_lock);
        items_[i].in_index = false;
      }
      if (!pins_.GiveUp(HandleOf(i))) ++items_[i].frees;
    }
  }

  std::vector<SharedItem> items_ = std::vector<SharedItem>(kItems);
  std::atomic<int> freed_while_held_{0};
  std::atomic<int> freed_by_readers_{0};
};

TEST_F(PinTableThreadsTest, ExactlyOnePartyFreesAnItemAndOnlyWhenNobodyHoldsIt) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) threads.emplace_back([this] { ReadAll(); });
  GiveAllUp();
  for (std::thread& thread : threads) thread.join();
  for (const SharedItem& item : items_) ASSERT_EQ(item.frees, 1);
  EXPECT_EQ(freed_while_held_, 0);
  EXPECT_GT(freed_by_readers_, 0);
  EXPECT_EQ(pins_.size(), 0u);
}

}  // namespace
}  // namespace ringcache::storage

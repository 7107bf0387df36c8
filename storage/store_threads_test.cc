// Many threads on one store. Exact where the outcome is determined; the rest is for the sanitizers
// and for CheckInvariants.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "absl/strings/numbers.h"
#include "gtest/gtest.h"
#include "storage/store.h"
#include "storage/store_fixture.h"

namespace ringcache::storage {
namespace {

constexpr int kThreads = 4;

class StoreThreadsTest : public StoreFixture {
 protected:
  StoreThreadsTest() : StoreFixture(Small(4)) {}

  static void Together(const std::function<void(int)>& body) {
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) threads.emplace_back(body, t);
    for (std::thread& thread : threads) thread.join();
  }
};

TEST_F(StoreThreadsTest, NoIncrementIsLost) {
  constexpr int kIncrements = 4000;
  Set("counter", "0");
  Together([&](int thread) {
    for (int i = 0; i < kIncrements; ++i) {
      // Pins force some of them to copy.
      const PinnedItem pin = thread == 0 && i % 8 == 0 ? Pin("counter") : PinnedItem();
      ASSERT_EQ(Increment("counter", 1).outcome, StoreOutcome::kStored);
    }
  });
  EXPECT_EQ(Increment("counter", 0).number, std::uint64_t{kThreads * kIncrements});
}

TEST_F(StoreThreadsTest, NoAppendIsLost) {
  constexpr std::size_t kAppends = 1500;
  // The item grows through more size classes than the few pages of the other tests could serve
  // without evicting it.
  Open(Small(64));
  Set("log", "");
  Together([&](int thread) {
    const std::string mark(1, static_cast<char>('a' + thread));
    const StoreMode mode = thread % 2 == 0 ? StoreMode::kAppend : StoreMode::kPrepend;
    for (std::size_t i = 0; i < kAppends; ++i) {
      ASSERT_EQ(Put(mode, "log", mark), StoreOutcome::kStored);
    }
  });
  EXPECT_EQ(Get("log").size(), kThreads * kAppends);
}

TEST_F(StoreThreadsTest, CompareAndSwapLosesNothing) {
  constexpr int kSwaps = 1000;
  Set("counter", "0");
  Together([&](int) {
    for (int i = 0; i < kSwaps;) {
      StoreCondition condition;
      condition.compare_cas = true;
      int number = 0;
      Access("counter", [&](ItemEditor& editor) {
        condition.cas = editor.cas();
        ASSERT_TRUE(absl::SimpleAtoi(editor.item().value(), &number));
      });
      const StoreOutcome outcome = Put("counter", std::to_string(number + 1), condition).outcome;
      ASSERT_TRUE(outcome == StoreOutcome::kStored || outcome == StoreOutcome::kExists);
      if (outcome == StoreOutcome::kStored) ++i;
    }
  });
  EXPECT_EQ(Get("counter"), std::to_string(kThreads * kSwaps));
}

TEST_F(StoreThreadsTest, OneAddWins) {
  std::atomic<int> wins{0};
  Together([&](int) {
    for (int i = 0; i < 2000; ++i) {
      if (Put(StoreMode::kAdd, "key" + std::to_string(i), "v") == StoreOutcome::kStored) ++wins;
    }
  });
  EXPECT_EQ(wins.load(), 2000);
}

TEST_F(StoreThreadsTest, EverythingSetIsThereAfterGrowth) {
  constexpr int kKeys = 6000;
  Together([&](int thread) {
    for (int i = 0; i < kKeys; ++i) {
      const std::string key = std::to_string(thread) + ":" + std::to_string(i);
      ASSERT_TRUE(Set(key, key));
      ASSERT_EQ(Get(key), key);
    }
  });
  for (int thread = 0; thread < kThreads; ++thread) {
    for (int i = 0; i < kKeys; ++i) {
      const std::string key = std::to_string(thread) + ":" + std::to_string(i);
      ASSERT_EQ(Get(key), key);
    }
  }
  EXPECT_EQ(Events().evictions, 0u);
}

TEST_F(StoreThreadsTest, AFlushNeverKillsWhatItsOwnThreadSetsAfterIt) {
  // Readers that observed the count before the flush must not take the new item for a dead one.
  std::atomic<bool> done{false};
  Together([&](int thread) {
    if (thread != 0) {
      while (!done.load()) {
        Get("key");
        Set("other" + std::to_string(thread), "v");
      }
      return;
    }
    for (int i = 0; i < 4000; ++i) {
      store_->FlushAll(now_, now_);
      const std::string value = std::to_string(i);
      EXPECT_TRUE(Set("key", value));
      EXPECT_EQ(Get("key"), value);
    }
    done.store(true);
  });
}

TEST_F(StoreThreadsTest, ReadersSeeWholeValuesWhileWritersReplaceThem) {
  // A page for each size class that the value goes through, so that none takes the key's.
  Open(Small(64));
  Set("key", std::string(100, 'a'));
  std::atomic<int> torn{0};
  Together([&](int thread) {
    std::vector<PinnedItem> pins;
    for (int i = 0; i < 3000; ++i) {
      if (thread == 0) {
        Set("key",
            std::string(static_cast<std::size_t>(50 + i % 200), static_cast<char>('a' + i % 26)));
        continue;
      }
      pins.push_back(Pin("key"));
      const absl::string_view value = pins.back()->value();
      if (value.find_first_not_of(value[0]) != absl::string_view::npos) ++torn;
      if (pins.size() == 20) pins.clear();
    }
  });
  EXPECT_EQ(torn.load(), 0);
}

// Every operation at once, over a number of keys of sizes that make the store evict.
class StoreMixTest : public StoreThreadsTest,
                     public testing::WithParamInterface<std::tuple<std::size_t, EvictionKind>> {
 protected:
  StoreMixTest() {
    StoreOptions options = Small(4, std::get<1>(GetParam()));
    // So that CheckInvariants compares them.
    options.track_sizes = true;
    Open(options);
  }

  void Operate(std::mt19937& random) {
    const std::string key = "key" + std::to_string(random() % std::get<0>(GetParam()));
    const std::string value(random() % 3000, 'v');
    RemoveOptions stale;
    stale.mark_stale = true;
    stale.drop_value = random() % 2 == 0;
    switch (random() % 12) {
      case 0:
        Remove(key);
        break;
      case 1:
        Remove(key, stale);
        break;
      case 2:
        Set(key, "17");
        Increment(key, random() % 1000);
        break;
      case 3:
        Put(random() % 2 == 0 ? StoreMode::kAppend : StoreMode::kPrepend, key, "more");
        break;
      case 4:
        if (random() % 50 == 0) store_->FlushAll(now_ + random() % 2, now_);
        break;
      case 5:
        Access(key, [&](ItemEditor& editor) { editor.SetExpiresAt(now_ + random() % 3); });
        break;
      case 6:
        if (const PinnedItem pin = Pin(key)) {
          const std::string copy(pin->value());
          Remove(key);
          EXPECT_EQ(pin->value(), copy);
        }
        break;
      case 7:
        Set(key, value, now_ + random() % 3);
        break;
      case 8:
      case 9:
        Set(key, value);
        break;
      default:
        store_->PrefetchItem(store_->Hash(key));
        Get(key);
        if (random() % 64 == 0) store_->Stats();
    }
  }
};

TEST_P(StoreMixTest, LeavesTheStoreWhole) {
  const std::uint32_t seed = std::random_device()();
  std::printf("seed %u\n", seed);
  Together([&](int thread) {
    std::mt19937 random(seed + static_cast<std::uint32_t>(thread));
    for (int i = 0; i < 6000; ++i) Operate(random);
  });
}

INSTANTIATE_TEST_SUITE_P(KeysAndEviction, StoreMixTest,
                         testing::Combine(testing::Values(1, 10, 20'000),
                                          testing::ValuesIn(kEvictionKinds)));

class StoreMixWithoutEvictionTest : public StoreThreadsTest {
 protected:
  StoreMixWithoutEvictionTest() {
    StoreOptions options = Small(1);
    options.evict = false;
    Open(options);
  }
};

TEST_F(StoreMixWithoutEvictionTest, NothingLiveIsEverLost) {
  // Each thread's own keys, all but filling the only page; the same chunks pass between threads.
  const std::string value(400, 'v');
  const int keys = static_cast<int>(
      store_->size_classes().chunks_per_page(store_->size_classes().ClassFor(446)) / kThreads - 4);
  std::atomic<int> refused{0};
  Together([&](int thread) {
    const auto key = [&](int i) { return std::to_string(thread) + ":" + std::to_string(1000 + i); };
    for (int i = 0; i < keys; ++i) ASSERT_TRUE(Set(key(i), value));
    for (int round = 0; round < 3000; ++round) {
      const int i = round % keys;
      ASSERT_EQ(Get(key(i)), value);
      if (round % 3 == 0) Set("dying", value, now_);
      if (!Set(key(i), value)) ++refused;
      ASSERT_EQ(Get(key(i)), value);
    }
  });
  EXPECT_EQ(Events().evictions, 0u);
  EXPECT_LT(refused.load(), 3000);
}

}  // namespace
}  // namespace ringcache::storage

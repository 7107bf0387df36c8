// Random operations on the store and on the model.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <random>

#include "gtest/gtest.h"
#include "storage/store_fixture.h"
#include "storage/store_model.h"

namespace ringcache::storage {
namespace {

void Agree(StoreOptions options, int steps, std::uint64_t& evictions) {
  const std::uint32_t seed = std::random_device()();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  options.hash_seed = seed | 1;
  options.track_sizes = true;  // so that CheckInvariants compares them
  ModelledStore store(options, [&](std::size_t bound) { return random() % bound; });
  for (int step = 0; step < steps; ++step) {
    ASSERT_EQ(store.Step(), "") << "seed " << seed << ", step " << step;
    if (step % 512 == 0) {
      ASSERT_EQ(store.CheckAll(), "") << "seed " << seed << ", step " << step;
    }
  }
  EXPECT_EQ(store.CheckAll(), "");
  evictions = store.evictions();
}

class StoreDifferentialTest : public testing::TestWithParam<EvictionKind> {};

TEST_P(StoreDifferentialTest, AgreesWithTheModelWithRoomForEverything) {
  StoreOptions options;
  options.eviction = GetParam();
  options.initial_items_log2 = 12;
  std::uint64_t evictions = 0;
  // Few large values, so that nothing is evicted.
  options.limit_bytes = 256 * kPageBytes;
  Agree(options, 10'000, evictions);
  EXPECT_EQ(evictions, 0u);
}

TEST_P(StoreDifferentialTest, AgreesWithTheModelWhileItEvicts) {
  StoreOptions options;
  options.eviction = GetParam();
  options.initial_items_log2 = 12;
  options.limit_bytes = kPageBytes;
  options.max_item_bytes = kLargestChunkBytes;
  // Chunks of a quarter page: a page's four fill up at once.
  options.chunk_sizes = {262'144, 524'288};
  std::uint64_t evictions = 0;
  Agree(options, 10'000, evictions);
  EXPECT_GT(evictions, 500u);
}

TEST_P(StoreDifferentialTest, AgreesWithTheModelOnValuesOfSeveralChunks) {
  StoreOptions options;
  options.eviction = GetParam();
  options.initial_items_log2 = 12;
  options.limit_bytes = 16 * kPageBytes;
  options.max_item_bytes = 3 * kPageBytes;
  std::uint64_t evictions = 0;
  Agree(options, 10'000, evictions);
  EXPECT_GT(evictions, 100u);
}

TEST_P(StoreDifferentialTest, AgreesWithTheModelWhenUnitsAreLarge) {
  StoreOptions options;
  options.eviction = GetParam();
  options.initial_items_log2 = 12;
  // Address space only; handles then count units of 32 bytes.
  options.limit_bytes = std::size_t{100} << 30;
  std::uint64_t evictions = 0;
  Agree(options, 5'000, evictions);
  EXPECT_EQ(evictions, 0u);
}

INSTANTIATE_TEST_SUITE_P(Eviction, StoreDifferentialTest, testing::ValuesIn(kEvictionKinds),
                         NameOfEviction);

}  // namespace
}  // namespace ringcache::storage

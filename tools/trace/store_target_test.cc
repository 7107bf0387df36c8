#include "tools/trace/store_target.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tools/trace/cache_model.h"

namespace ringcache::trace {
namespace {

class StoreTargetTest : public testing::Test {
 protected:
  StoreTargetTest() : target_(Make(1)) {}

  static std::unique_ptr<StoreTarget> Make(std::uint64_t seed) {
    StoreTarget::Options options;
    options.limit_bytes = 64u << 20;
    options.seed = seed;
    return *StoreTarget::Create(options);
  }

  bool Hits(const TraceRequest& request) {
    std::vector<std::uint8_t> hits(1);
    EXPECT_TRUE(target_->Replay(absl::MakeConstSpan(&request, 1), &hits).ok());
    return hits[0] != 0;
  }

  std::unique_ptr<StoreTarget> target_;
};

TEST_F(StoreTargetTest, EqualsAMapWhereNothingIsEvicted) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE(seed);
    target_ = Make(seed);
    CacheModel model;
    const std::vector<TraceRequest> requests = RandomRequests(seed, 5000, /*lifetimes=*/true);
    std::vector<std::uint8_t> hits(requests.size());
    ASSERT_TRUE(target_->Replay(requests, &hits).ok());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      ASSERT_EQ(hits[i] != 0, model.Do(requests[i])) << "request " << i;
    }
  }
}

TEST_F(StoreTargetTest, TellsWhatItHolds) {
  CacheModel model;
  for (const TraceRequest& request : RandomRequests(4, 2000, /*lifetimes=*/false)) {
    Hits(request);
    model.Do(request);
  }
  const TargetFigures figures = *target_->Figures();
  EXPECT_EQ(figures.limit_bytes, 64u << 20);
  EXPECT_EQ(figures.items, model.items());
  EXPECT_EQ(figures.payload_bytes, static_cast<double>(model.payload_bytes()));
  EXPECT_EQ(figures.evictions, 0u);
  EXPECT_EQ(figures.stores.out_of_memory, 0u);
  EXPECT_GT(figures.stores.not_stored, 0u);
}

TEST_F(StoreTargetTest, CountsWhatIsTooLarge) {
  TraceRequest request;
  request.key = "large";
  for (const std::uint32_t bytes : {kMaxStoredBytes, kMaxStoredBytes + 1}) {
    request.value_bytes = bytes;
    EXPECT_FALSE(Hits(request));
  }
  EXPECT_EQ(target_->Figures()->stores.too_large, 2u);
}

TEST_F(StoreTargetTest, EvictsInTheWayThatItIsToldAndSaysSo) {
  // Keys that come back after they have left: only S3-FIFO remembers them.
  std::vector<TraceRequest> requests(3000);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    requests[i].key = "key:" + std::to_string(i % 1000);
    requests[i].value_bytes = 100'000;
  }
  std::vector<std::vector<std::uint8_t>> hits;
  std::vector<std::string> names;
  for (const storage::EvictionKind eviction :
       {storage::EvictionKind::kS3Fifo, storage::EvictionKind::kSegmentedLru}) {
    StoreTarget::Options options;
    options.eviction = eviction;
    target_ = *StoreTarget::Create(options);
    ASSERT_TRUE(target_->Replay(requests, &hits.emplace_back(requests.size())).ok());
    names.push_back(target_->name());
  }
  EXPECT_NE(hits[0], hits[1]);
  EXPECT_EQ(names, (std::vector<std::string>{"in process", "in process, slru"}));
}

TEST_F(StoreTargetTest, EvictsBeyondItsLimit) {
  TraceRequest request;
  request.value_bytes = 100'000;
  for (int i = 0; i < 1000; ++i) {
    request.key = "key:" + std::to_string(i);
    EXPECT_FALSE(Hits(request));
  }
  EXPECT_GT(target_->Figures()->evictions, 100u);
}

}  // namespace
}  // namespace ringcache::trace

// Needs Debian's memcached, which it starts itself.

#include "tools/trace/server_target.h"

#include <cstdint>
#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "tools/trace/cache_model.h"
#include "tools/trace/memcached_process.h"

namespace ringcache::trace {
namespace {

class ServerTargetTest : public testing::Test {
 protected:
  void SetUp() override {
    auto process = MemcachedProcess::Start({});
    ASSERT_TRUE(process.ok()) << process.status();
    process_ = *std::move(process);
    ServerOptions options;
    options.label = "memcached";
    auto target = ServerTarget::Connect(process_->address(), options);
    ASSERT_TRUE(target.ok()) << target.status();
    target_ = *std::move(target);
  }

  std::unique_ptr<MemcachedProcess> process_;
  std::unique_ptr<ServerTarget> target_;
};

TEST_F(ServerTargetTest, KeepsTheTracesOrderForEveryKeyInBatches) {
  CacheModel model;
  const std::vector<TraceRequest> requests = RandomRequests(1, 20'000, /*lifetimes=*/false);
  constexpr std::size_t kBatch = 64;
  std::vector<std::uint8_t> hits(kBatch);
  for (std::size_t begin = 0; begin < requests.size(); begin += kBatch) {
    const auto batch = absl::MakeConstSpan(requests).subspan(begin, kBatch);
    const absl::Status status = target_->Replay(batch, &hits);
    ASSERT_TRUE(status.ok()) << status;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      ASSERT_EQ(hits[i] != 0, model.Do(batch[i])) << "request " << begin + i;
    }
  }
  const auto figures = target_->Figures();
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_EQ(figures->items, model.items());
  EXPECT_EQ(figures->payload_bytes, static_cast<double>(model.payload_bytes()));
  EXPECT_EQ(figures->limit_bytes, std::size_t{64} << 20);
  EXPECT_GT(figures->resident_bytes.value_or(0), 0u);
}

TEST_F(ServerTargetTest, SendsLargeValuesAndCountsWhatIsTooLarge) {
  std::vector<TraceRequest> requests(20);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    requests[i].key = "key:" + std::to_string(i % 10);
    requests[i].value_bytes = i % 10 < 8 ? 900'000 : kMaxStoredBytes + static_cast<int>(i % 2);
  }
  std::vector<std::uint8_t> hits(requests.size());
  const absl::Status status = target_->Replay(requests, &hits);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(hits, std::vector<std::uint8_t>(
                      {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0}));
  const StoreCounts stores = target_->Figures()->stores;
  EXPECT_EQ(stores.stored, 8u);
  EXPECT_EQ(stores.too_large, 4u);
  EXPECT_EQ(stores.other_errors, 0u);
}

TEST_F(ServerTargetTest, TheServerEndsWithItsObject) {
  const net::SocketAddress address = process_->address();
  process_.reset();
  EXPECT_FALSE(ServerTarget::Connect(address, {}).ok());
  std::vector<TraceRequest> requests(1);
  requests[0].key = "key";
  std::vector<std::uint8_t> hits(1);
  EXPECT_EQ(target_->Replay(requests, &hits).code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace ringcache::trace

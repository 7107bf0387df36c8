#include "client/blocking_client.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/cache_servers/cache_servers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::client {
namespace {

using testing::HasSubstr;

class BlockingClientTest : public testing::Test {
 protected:
  std::unique_ptr<BlockingClient> Connect() {
    BlockingOptions options;
    options.cluster.timeout = options.wait_for_members = absl::Seconds(60);
    return BlockingClient::Connect(Addresses(), options).value();
  }
  std::string Addresses() const {
    std::string addresses;
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      absl::StrAppend(&addresses, i == 0 ? "" : ",", servers_.address(i).ToString());
    }
    return addresses;
  }

  CacheServers servers_{3};
};

TEST_F(BlockingClientTest, EveryCallWaitsForItsResult) {
  const auto cache = Connect();
  EXPECT_TRUE(cache->Set("k", "12", {.flags = 3}).ok());
  EXPECT_EQ(cache->Get("k").text, "12");
  EXPECT_EQ(cache->Get("k").flags, 3);
  EXPECT_EQ(cache->Add("k", "x").outcome, Outcome::kNotStored);
  EXPECT_TRUE(cache->Replace("k", "13").ok());
  EXPECT_TRUE(cache->Append("k", "4").ok());
  EXPECT_TRUE(cache->Prepend("k", "9").ok());
  const Result with_cas = cache->Gets("k");
  EXPECT_EQ(with_cas.text, "9134");
  EXPECT_TRUE(cache->CompareAndSet("k", "5", with_cas.cas).ok());
  EXPECT_EQ(cache->CompareAndSet("k", "6", with_cas.cas).outcome, Outcome::kExists);
  EXPECT_EQ(cache->Increment("k", 3).number, 8);
  EXPECT_EQ(cache->Decrement("k", 1).number, 7);
  EXPECT_TRUE(cache->Touch("k", 60).ok());
  EXPECT_EQ(cache->GetAndTouch("k", 60).text, "7");
  const std::vector<absl::string_view> keys = {"none", "k"};
  const std::vector<Result> many = cache->MultiGet(keys);
  EXPECT_EQ(many[0].outcome, Outcome::kMiss);
  EXPECT_EQ(many[1].text, "7");
  EXPECT_TRUE(cache->Delete("k").ok());
  EXPECT_EQ(cache->Get("k").outcome, Outcome::kMiss);
  EXPECT_EQ(cache->Version().size(), 3);
  EXPECT_TRUE(cache->Verbosity(0)[2].result.ok());
  EXPECT_GT(cache->Stats()[2].stats.size(), 50);
  EXPECT_TRUE(cache->FlushAll()[1].result.ok());
}

TEST_F(BlockingClientTest, ItMaySpin) {
  BlockingOptions options;
  options.cluster.timeout = options.wait_for_members = absl::Seconds(60);
  options.spin = absl::Microseconds(100);
  const auto cache = BlockingClient::Connect(Addresses(), options).value();
  EXPECT_TRUE(cache->Set("k", "v").ok());
  EXPECT_EQ(cache->Get("k").text, "v");
  options.spin = absl::Microseconds(-1);
  EXPECT_THAT(std::string(BlockingClient::Connect(Addresses(), options).status().message()),
              HasSubstr("spin is -1us"));
}

TEST_F(BlockingClientTest, LongValuesGoThereAndBack) {
  const auto cache = Connect();
  const std::string value(1'000'000, 'v');
  EXPECT_TRUE(cache->Set("large", value).ok());
  EXPECT_TRUE(cache->Get("large").text == value);
}

TEST_F(BlockingClientTest, ThreadsShareAClient) {
  const auto cache = Connect();
  std::vector<std::thread> threads;
  std::vector<int> right(4);
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 250; ++i) {
        const std::string key = absl::StrCat("key-", thread, "-", i);
        cache->Set(key, key);
        right[thread] += cache->Get(key).text == key ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(right, testing::Each(250));
}

TEST_F(BlockingClientTest, ThePoolCanBeLookedAt) {
  const auto cache = Connect();
  std::size_t members = 0;
  cache->Inspect([&](const ClusterClient& client) { members = client.pool().size(); });
  EXPECT_EQ(members, 3);
}

TEST(BlockingClientConnectTest, AnAddressThatIsNoneIsRefused) {
  EXPECT_FALSE(BlockingClient::Connect("dnssrv+x:y:z").ok());
}

TEST(BlockingClientConnectTest, WithoutMembersItSaysWhatDiscoveryMet) {
  BlockingOptions options;
  options.wait_for_members = absl::Milliseconds(50);
  const auto client = BlockingClient::Connect("file:/nowhere/members", options);
  ASSERT_FALSE(client.ok());
  EXPECT_THAT(std::string(client.status().message()), HasSubstr("/nowhere/members"));
}

TEST(BlockingClientConnectTest, OptionsThatAreNotValidAreRefused) {
  BlockingOptions options;
  options.cluster.timeout = absl::ZeroDuration();
  EXPECT_FALSE(BlockingClient::Connect("127.0.0.1:1", options).ok());
}

}  // namespace
}  // namespace ringcache::client

#include "router/hot_keys/worker_hot_keys.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"
#include "protocol/operation.h"
#include "protocol/request.h"
#include "protocol/request_parser.h"
#include "router/hot_keys/local_cache.h"
#include "router/hot_keys/local_cache_options.h"

namespace ringcache::router {
namespace {

using protocol::Operation;

constexpr std::uint64_t kSeed = 3;

class WorkerHotKeysTest : public testing::Test {
 protected:
  static LocalCacheOptions Options() {
    LocalCacheOptions options;
    options.ttl = absl::Milliseconds(100);
    return options;
  }
  // Seconds in which these keys are asked for so often.
  void Run(int seconds, const std::vector<std::pair<std::string, int>>& reads) {
    for (int i = 0; i < seconds; ++i) {
      for (const auto& [key, times] : reads) {
        for (int read = 0; read < times; ++read) hot_keys_.Record(Operation::kGet, key);
      }
      loop_.RunFor(absl::Seconds(1));
    }
  }
  bool IsAdmitted(absl::string_view key) {
    LocalCache::Ticket ticket;
    (void)hot_keys_.cache().Find(key, loop_.MonotonicNow(), &ticket);
    return static_cast<bool>(ticket);
  }

  net::SimulatedLoop loop_;
  WorkerHotKeys hot_keys_{&loop_, Options(), kSeed};
};

TEST_F(WorkerHotKeysTest, AKeyIsKeptOnceItIsHotAndNoLongerWhenItCools) {
  SCOPED_TRACE(kSeed);
  constexpr int kHot = static_cast<int>(2 * WorkerHotKeys::kLeastReadsPerSecond);
  constexpr int kCool = static_cast<int>(WorkerHotKeys::kLeastReadsPerSecond / 4);
  Run(10, {{"hot", kHot}, {"cool", kCool}});
  EXPECT_TRUE(IsAdmitted("hot"));
  EXPECT_FALSE(IsAdmitted("cool"));
  Run(30, {{"hot", kCool}});
  EXPECT_FALSE(IsAdmitted("hot"));
}

TEST_F(WorkerHotKeysTest, AKeyThatIsVeryHotIsKeptAfterOneInterval) {
  SCOPED_TRACE(kSeed);
  Run(20, {{"other", 1000}});
  Run(1, {{"hot", 100'000}});
  EXPECT_TRUE(IsAdmitted("hot"));
}

TEST_F(WorkerHotKeysTest, KeysWithRoutingPrefixesAreNotKept) {
  Run(5, {{"/region/cluster/key", 5000}, {"/path/key", 5000}});
  EXPECT_FALSE(IsAdmitted("/region/cluster/key"));
  EXPECT_TRUE(IsAdmitted("/path/key"));
}

TEST_F(WorkerHotKeysTest, WritesDoNotMakeAKeyHot) {
  for (int i = 0; i < 50'000; ++i) hot_keys_.Record(Operation::kSet, "hot");
  loop_.RunFor(WorkerHotKeys::kAdmitInterval);
  EXPECT_FALSE(IsAdmitted("hot"));
  const metrics::HotKeyRates rates = hot_keys_.Rates(loop_.MonotonicNow());
  EXPECT_TRUE(rates.reads.keys.empty());
  ASSERT_EQ(rates.writes.keys.size(), 1u);
  EXPECT_EQ(rates.writes.keys[0].key, "hot");
}

TEST_F(WorkerHotKeysTest, CountsDecayFromTimeToTime) {
  Run(5, {{"hot", 1000}});
  EXPECT_EQ(hot_keys_.Rates(loop_.MonotonicNow()).window, absl::Seconds(2.5));
}

TEST(ChangesItemTest, WhatMayChangeTheReplyToAGet) {
  const std::vector<std::pair<absl::string_view, bool>> cases = {
      {"get k\r\n", false},         {"gets k\r\n", false},       {"mg k v t\r\n", false},
      {"me k\r\n", false},          {"mg k v T-1\r\n", true},    {"mg k v N30\r\n", true},
      {"gat -1 k\r\n", true},       {"gats 0 k\r\n", true},      {"touch k -1\r\n", true},
      {"delete k\r\n", true},       {"md k q\r\n", true},        {"incr k 1\r\n", true},
      {"decr k 1\r\n", true},       {"ma k\r\n", true},          {"set k 0 0 1\r\n", true},
      {"append k 0 0 1\r\n", true}, {"cas k 0 0 1 9\r\n", true}, {"ms k 1\r\n", true},
  };
  for (const auto& [line, changes] : cases) {
    protocol::Request request;
    ASSERT_EQ(protocol::ParseRequest(line, &request).status, protocol::ParseStatus::kOk) << line;
    EXPECT_EQ(ChangesItem(request), changes) << line;
  }
}

}  // namespace
}  // namespace ringcache::router

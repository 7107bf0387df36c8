#include "server/hot_keys/worker_hot_keys.h"

#include <string>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"
#include "server/session_fixture.h"

namespace ringcache::server {
namespace {

using protocol::Operation;

// So many that sampling errs by less than the half of it.
constexpr int kMany = 20'000;

class WorkerHotKeysTest : public testing::Test {
 protected:
  void Record(Operation operation, const std::string& key) {
    for (int i = 0; i < kMany; ++i) hot_keys_.Record(operation, key);
  }
  metrics::HotKeyRates Rates() const { return hot_keys_.Rates(loop_.MonotonicNow()); }

  net::SimulatedLoop loop_;
  WorkerHotKeys hot_keys_{&loop_, 1};
};

TEST_F(WorkerHotKeysTest, WhatReadsAndWhatChangesAreToldApart) {
  Record(Operation::kGets, "read");
  Record(Operation::kMetaGet, "read");
  Record(Operation::kMetaSet, "stored");
  Record(Operation::kTouch, "touched");
  Record(Operation::kMetaDebug, "debugged");
  const metrics::HotKeyRates rates = Rates();
  ASSERT_EQ(rates.reads.keys.size(), 1u);
  EXPECT_EQ(rates.reads.keys[0].key, "read");
  ASSERT_EQ(rates.writes.keys.size(), 2u);
}

TEST_F(WorkerHotKeysTest, WhatIsNoLongerAskedForSinks) {
  Record(Operation::kGet, "once");
  ASSERT_EQ(Rates().reads.keys.size(), 1u);
  loop_.RunFor(20 * WorkerHotKeys::kDecayInterval);
  EXPECT_TRUE(Rates().reads.keys.empty());
}

TEST_F(WorkerHotKeysTest, OneBatchOfEightIsLookedAtAndStandsForAll) {
  int looked_at = 0;
  for (int i = 0; i < kMany; ++i) looked_at += hot_keys_.LooksAtBatch() ? 1 : 0;
  EXPECT_NEAR(looked_at, kMany / 8, kMany / 100);
  Record(Operation::kGet, "key");
  loop_.RunFor(absl::Seconds(1));
  // Thousandths of a request in a second.
  const double rate = 1e-3 * static_cast<double>(Rates().reads.keys[0].requests);
  EXPECT_NEAR(rate, 8.0 * kMany, 2.0 * kMany);
}

TEST(SessionHotKeysTest, EachKeyOfARequestCountsAndValuesOfAnySize) {
  WorkerFixture worker;
  ClientFixture client(&worker);
  const std::string large(20'000, 'v');
  const std::string store = "set large 0 0 20000\r\n" + large + "\r\n";
  for (int i = 0; i < 8000; ++i) {
    client.Ask("get one two\r\n");
    client.Ask(store, 8192);
  }
  const metrics::HotKeyRates rates = worker.worker->hot_keys.Rates(worker.loop.MonotonicNow());
  EXPECT_EQ(rates.reads.keys.size(), 2u);
  ASSERT_EQ(rates.writes.keys.size(), 1u);
  EXPECT_EQ(rates.writes.keys[0].key, "large");
}

}  // namespace
}  // namespace ringcache::server

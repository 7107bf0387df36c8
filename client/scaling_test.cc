// A pool grows and shrinks while a program works with it.

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/cache_servers/cache_servers.h"
#include "client/cluster_client.h"
#include "client/manual_watcher.h"
#include "gtest/gtest.h"
#include "hashring/ring_diff.h"
#include "net/loop_fixture.h"

namespace ringcache::client {
namespace {

constexpr int kKeys = 20'000;
// Of the test's patience, not of a server's: what takes longer is counted as hanging.
constexpr absl::Duration kTimeout = absl::Seconds(30);

// Keeps a number of gets under way and stores what is missing, as web applications do. A value
// carries its key.
class Application {
 public:
  Application(ClusterClient* client, net::EventLoop* loop) : client_(*client), loop_(*loop) {}

  // Each key once, in an order of chance, `depth` at a time. Misses are stored if `store`.
  void Begin(int depth, bool store) {
    store_ = store;
    next_ = 0;
    hits_ = misses_ = 0;
    order_.resize(kKeys);
    for (int i = 0; i < kKeys; ++i) order_[i] = i;
    std::shuffle(order_.begin(), order_.end(), random_);
    for (int i = 0; i < depth; ++i) GetNext();
  }
  bool done() const { return next_ == kKeys && under_way_ == 0; }
  int progress() const { return next_; }
  int hits() const { return hits_; }
  int misses() const { return misses_; }
  int wrong() const { return wrong_; }
  int failed() const { return failed_; }
  absl::Duration slowest() const { return slowest_; }

 private:
  static std::string Key(int number) { return absl::StrCat("application:", number); }

  void GetNext() {
    if (next_ == kKeys) return;
    const std::string key = Key(order_[next_++]);
    ++under_way_;
    const absl::Duration start = loop_.MonotonicNow();
    client_.Get(key, [this, key, start](Result result) {
      slowest_ = std::max(slowest_, loop_.MonotonicNow() - start);
      if (result.ok()) {
        ++hits_;
        if (!absl::StartsWith(result.text, absl::StrCat(key, "="))) ++wrong_;
      } else if (result.outcome == Outcome::kMiss) {
        ++misses_;
        if (store_) return Store(key);
      } else {
        ++failed_;
      }
      --under_way_;
      GetNext();
    });
  }
  void Store(const std::string& key) {
    const std::string value = absl::StrCat(key, "=", std::string(key.size() * 7 % 500, 'v'));
    client_.Set(key, OutgoingValue::Borrowed(value), {}, [this](Result result) {
      if (!result.ok()) ++failed_;
      --under_way_;
      GetNext();
    });
  }

  ClusterClient& client_;
  net::EventLoop& loop_;
  std::mt19937 random_{20'240'601};
  std::vector<int> order_;
  bool store_ = false;
  int next_ = 0;
  int under_way_ = 0;
  int hits_ = 0;
  int misses_ = 0;
  int wrong_ = 0;
  int failed_ = 0;
  absl::Duration slowest_;
};

class ScalingTest : public net::LoopFixture,
                    public testing::WithParamInterface<hashring::PlacementKind> {
 protected:
  ScalingTest() {
    auto watcher = std::make_unique<ManualWatcher>();
    watcher_ = watcher.get();
    ClusterOptions options;
    options.ring.placement = GetParam();
    options.timeout = kTimeout;
    client_ = ClusterClient::Create(loop_.get(), std::move(watcher), options).value();
    application_ = std::make_unique<Application>(client_.get(), loop_.get());
  }

  // All keys once; the misses as a share. `members` may change in the midst of it.
  double RunAll(bool store, int change_at = -1, std::size_t change_to = 0) {
    application_->Begin(/*depth=*/64, store);
    bool changed = change_at < 0;
    RunUntil([&] {
      if (!changed && application_->progress() >= change_at) {
        changed = true;
        watcher_->Publish(servers_.members(change_to));
      }
      return application_->done();
    });
    return static_cast<double>(application_->misses()) / kKeys;
  }
  std::shared_ptr<const hashring::Ring> ring() const { return client_->pool().ring(); }

  CacheServers servers_{4};
  ManualWatcher* watcher_ = nullptr;
  std::unique_ptr<ClusterClient> client_;
  std::unique_ptr<Application> application_;
};

TEST_P(ScalingTest, MissesAreWhatTheRingPredicts) {
  watcher_->Publish(servers_.members(3));
  EXPECT_EQ(RunAll(/*store=*/true), 1.0);
  EXPECT_EQ(RunAll(/*store=*/false), 0.0);
  const auto three = ring();

  watcher_->Publish(servers_.members(4));
  const double predicted = hashring::Diff(*three, *ring()).moved;
  const double grown = RunAll(/*store=*/true);
  std::cout << "3 to 4 members: " << grown << " of the keys missed, predicted " << predicted
            << "\n";
  EXPECT_NEAR(grown, predicted, 0.01);
  EXPECT_EQ(RunAll(/*store=*/false), 0.0);

  // What moved away stayed behind at its old owner, and is found there again.
  watcher_->Publish(servers_.members(3));
  EXPECT_EQ(RunAll(/*store=*/true), 0.0);
  EXPECT_EQ(application_->wrong(), 0);
  EXPECT_EQ(application_->failed(), 0);
  EXPECT_LT(application_->slowest(), kTimeout);
}

TEST_P(ScalingTest, AChangeUnderLoadLosesAndMixesUpNothing) {
  watcher_->Publish(servers_.members(3));
  RunAll(/*store=*/true);
  const auto three = ring();
  // A change half-way: keys after it are missed if they moved, those before it are not.
  const double grown = RunAll(/*store=*/true, /*change_at=*/kKeys / 2, /*change_to=*/4);
  const double predicted = hashring::Diff(*three, *ring()).moved;
  EXPECT_NEAR(grown, predicted / 2, 0.01);
  RunAll(/*store=*/true, kKeys / 2, 3);
  RunAll(/*store=*/true, kKeys / 3, 4);
  RunAll(/*store=*/true, kKeys / 3, 3);
  EXPECT_EQ(application_->wrong(), 0);
  EXPECT_EQ(application_->failed(), 0);
  EXPECT_LT(application_->slowest(), kTimeout);
}

INSTANTIATE_TEST_SUITE_P(
    Placements, ScalingTest,
    testing::Values(hashring::PlacementKind::kKetama, hashring::PlacementKind::kRendezvous,
                    hashring::PlacementKind::kCh3, hashring::PlacementKind::kModulo),
    [](const auto& info) { return std::string(hashring::RowOf(info.param).name); });

}  // namespace
}  // namespace ringcache::client

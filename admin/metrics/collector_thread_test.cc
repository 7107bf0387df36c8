#include "admin/metrics/collector_thread.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

class Collects : public prometheus::Collectable {
 public:
  explicit Collects(std::function<void()> what) : what_(std::move(what)) {}
  std::vector<prometheus::MetricFamily> Collect() const override {
    what_();
    return std::vector<prometheus::MetricFamily>(3);
  }

 private:
  const std::function<void()> what_;
};

TEST(CollectorThread, ReturnsWhatIsCollectedOnAnotherThread) {
  std::thread::id collector;
  CollectorThread thread(
      std::make_unique<Collects>([&collector] { collector = std::this_thread::get_id(); }));
  EXPECT_EQ(thread.Collect().size(), 3u);
  EXPECT_NE(collector, std::this_thread::get_id());
  const std::thread::id first = collector;
  EXPECT_EQ(thread.Collect().size(), 3u);
  EXPECT_EQ(collector, first);
}

TEST(CollectorThread, OneCollectsAfterTheOther) {
  // Neither an atomic nor guarded: ThreadSanitizer sees two at a time.
  int collected = 0;
  CollectorThread thread(std::make_unique<Collects>([&collected] { ++collected; }));
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&thread] {
      for (int j = 0; j < 100; ++j) EXPECT_EQ(thread.Collect().size(), 3u);
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(collected, 400);
}

TEST(CollectorThread, EndsWithoutHavingCollected) {
  CollectorThread thread(std::make_unique<Collects>([] {}));
}

}  // namespace
}  // namespace ringcache::admin

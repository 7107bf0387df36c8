#include "metrics/hot_key_sketch.h"

#include <cmath>
#include <cstdint>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "metrics/hot_keys.h"

namespace ringcache::metrics {
namespace {

constexpr std::uint64_t kSeed = 7;

// Of a rate that was told by samples of `requests` of them, five standard deviations.
double Tolerance(double requests) {
  return 5 * std::sqrt(requests * HotKeySketch::kSampleOneOf) / requests;
}

class HotKeySketchTest : public testing::Test {
 protected:
  HotKeySketchTest() { RecordProperty("seed", static_cast<int>(kSeed)); }

  // Seconds in which `hot` is read and written so often, decayed after every fifth.
  void Run(int seconds, int reads, int writes) {
    for (int i = 0; i < seconds; ++i) {
      for (int read = 0; read < reads; ++read) sketch_.RecordRead("hot");
      for (int write = 0; write < writes; ++write) sketch_.RecordWrite("hot");
      now_ += absl::Seconds(1);
      if (++seconds_ % 5 == 0) sketch_.Decay(now_);
    }
  }
  static double PerSecond(const HotKeys& keys) {
    return keys.keys.empty() ? 0 : static_cast<double>(keys.keys[0].requests) / 1000;
  }

  absl::Duration now_ = absl::Hours(1000);
  HotKeySketch sketch_{kSeed, now_};
  int seconds_ = 0;
};

TEST_F(HotKeySketchTest, ASteadyRateIsToldWheneverItIsAsked) {
  for (int second = 1; second < 24; ++second) {
    Run(1, 100'000, 20'000);
    const HotKeyRates rates = sketch_.Rates(now_);
    EXPECT_NEAR(PerSecond(rates.reads), 100'000, 100'000 * Tolerance(100'000)) << second;
    EXPECT_NEAR(PerSecond(rates.writes), 20'000, 20'000 * Tolerance(20'000)) << second;
    EXPECT_LE(rates.window, absl::Seconds(10));
  }
}

TEST_F(HotKeySketchTest, ATimeWithoutRequestsCounts) {
  Run(20, 100'000, 0);
  const double before = PerSecond(sketch_.Rates(now_).reads);
  now_ += absl::Seconds(5);
  EXPECT_NEAR(PerSecond(sketch_.Rates(now_).reads), before / 2, before / 10);
  for (int i = 0; i < 30; ++i) sketch_.Decay(now_ += absl::Seconds(5));
  EXPECT_TRUE(sketch_.Rates(now_).reads.keys.empty());
}

TEST_F(HotKeySketchTest, AFewRequestsAtOnceAreNotMany) {
  for (int i = 0; i < 10'000; ++i) sketch_.RecordRead("hot");
  EXPECT_EQ(sketch_.Rates(now_).window, HotKeySketch::kLeastWindow);
  EXPECT_NEAR(PerSecond(sketch_.Rates(now_).reads), 10'000, 10'000 * Tolerance(10'000));
}

TEST_F(HotKeySketchTest, ATimeBeforeTheLastDecayIsThatDecay) {
  Run(5, 1000, 0);
  EXPECT_EQ(sketch_.Rates(now_ - absl::Seconds(1)).window, sketch_.Rates(now_).window);
}

TEST_F(HotKeySketchTest, OthersMayAskWhileItRecords) {
  std::thread asker([this, now = now_] {
    for (int i = 0; i < 200; ++i) EXPECT_LE(sketch_.Rates(now).reads.keys.size(), 1000u);
  });
  for (int i = 0; i < 200'000; ++i) {
    sketch_.RecordRead(absl::StrCat("key", i % 700));
    if (i % 20'000 == 0) sketch_.Decay(now_);
  }
  asker.join();
}

}  // namespace
}  // namespace ringcache::metrics

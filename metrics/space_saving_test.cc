#include "metrics/space_saving.h"

#include <cstdio>
#include <random>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "metrics/hot_keys.h"
#include "metrics/zipf_stream.h"

namespace ringcache::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::uint64_t PrintedSeed() {
  const std::uint64_t seed = std::random_device{}();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

// A stream, counted exactly besides.
class CountedStream {
 public:
  CountedStream(std::size_t keys, std::uint64_t seed) : stream_(keys, seed) {}

  void FeedTo(SpaceSaving* sketch, std::size_t requests) {
    for (std::size_t i = 0; i < requests; ++i) {
      const std::string key = ZipfStream::KeyOf(stream_.Next());
      counts_[key] += 1;
      sketch->Add(key, 1);
    }
  }
  void Halve() {
    for (auto& [key, count] : counts_) count /= 2;
  }

  // `rounding`: how far the truth may be above what is told.
  void ExpectWithinBounds(const HotKeys& told, double rounding = 0) {
    absl::flat_hash_map<std::string, double> others = counts_;
    for (const HotKey& key : told.keys) {
      const double count = counts_[key.key];
      EXPECT_LE(count, static_cast<double>(key.requests) + rounding) << key.key;
      EXPECT_GE(count, static_cast<double>(key.requests - key.error)) << key.key;
      others.erase(key.key);
    }
    for (const auto& [key, count] : others) {
      ASSERT_LE(count, static_cast<double>(told.others_at_most) + rounding) << key;
    }
  }
  // The most frequent ones.
  std::vector<std::string> Top(std::size_t size) const {
    std::vector<HotKey> keys;
    for (const auto& [key, count] : counts_) {
      keys.push_back({key, static_cast<std::uint64_t>(count), 0});
    }
    SortHotKeys(&keys);
    std::vector<std::string> top;
    for (std::size_t i = 0; i < size; ++i) top.push_back(keys[i].key);
    return top;
  }

 private:
  ZipfStream stream_;
  absl::flat_hash_map<std::string, double> counts_;
};

std::vector<std::string> TopOf(const HotKeys& told, std::size_t size) {
  std::vector<std::string> top;
  for (std::size_t i = 0; i < std::min(size, told.keys.size()); ++i) {
    top.push_back(told.keys[i].key);
  }
  return top;
}

TEST(SpaceSavingTest, IsEmptyAtFirst) {
  const HotKeys told = SpaceSaving(4).Report();
  EXPECT_THAT(told.keys, IsEmpty());
  EXPECT_EQ(told.requests, 0u);
  EXPECT_EQ(told.others_at_most, 0u);
}

TEST(SpaceSavingTest, CountsExactlyAsLongAsEveryKeyHasACounter) {
  SpaceSaving sketch(3);
  for (const char* key : {"a", "b", "a", "c", "a", "b"}) sketch.Add(key, 1);
  const HotKeys told = sketch.Report();
  EXPECT_THAT(told.keys, ElementsAre(HotKey{"a", 3}, HotKey{"b", 2}, HotKey{"c", 1}));
  EXPECT_EQ(told.requests, 6u);
}

TEST(SpaceSavingTest, AKeyTakesTheLeastCounterOverAndOwnsUpToIt) {
  SpaceSaving sketch(2);
  sketch.Add("a", 5);
  sketch.Add("b", 2);
  sketch.Add("c", 1);
  const HotKeys told = sketch.Report();
  EXPECT_THAT(told.keys, ElementsAre(HotKey{"a", 5, 0}, HotKey{"c", 3, 2}));
  EXPECT_EQ(told.others_at_most, 3u);
}

TEST(SpaceSavingTest, OneCounterIsEnoughToRun) {
  SpaceSaving sketch(1);
  for (const char* key : {"a", "b", "b", ""}) sketch.Add(key, 1);
  EXPECT_THAT(sketch.Report().keys, ElementsAre(HotKey{"", 4, 3}));
}

TEST(SpaceSavingTest, FindsTheTopTenOfAZipfStreamInOrderAndWithinItsBounds) {
  constexpr std::size_t kCapacity = 512;
  constexpr std::size_t kRequests = 400'000;
  SpaceSaving sketch(kCapacity);
  CountedStream stream(100'000, PrintedSeed());
  stream.FeedTo(&sketch, kRequests);
  const HotKeys told = sketch.Report();
  EXPECT_EQ(told.keys.size(), kCapacity);
  EXPECT_EQ(told.requests, kRequests);
  EXPECT_LE(told.others_at_most, kRequests / kCapacity);
  for (const HotKey& key : told.keys) EXPECT_LE(key.error, kRequests / kCapacity);
  stream.ExpectWithinBounds(told);
  EXPECT_EQ(TopOf(told, 10), stream.Top(10));
}

TEST(SpaceSavingTest, TellsKeysApartThatDifferInTheirLastByteOnly) {
  const std::string prefix(SpaceSaving::kMaxKeyBytes - 1, 'k');
  SpaceSaving sketch(300);
  for (int last = 1; last < 256; ++last) {
    sketch.Add(prefix + static_cast<char>(last), static_cast<std::uint64_t>(last));
  }
  const HotKeys told = sketch.Report();
  ASSERT_EQ(told.keys.size(), 255u);
  for (std::size_t i = 0; i < 255; ++i) {
    EXPECT_EQ(told.keys[i], (HotKey{prefix + static_cast<char>(255 - i), 255 - i, 0}));
  }
}

TEST(SpaceSavingTest, HalvingKeepsTheBoundsAndDropsWhatIsCold) {
  SpaceSaving sketch(64);
  CountedStream stream(1000, PrintedSeed());
  for (int round = 0; round < 20; ++round) {
    stream.FeedTo(&sketch, 2000);
    sketch.Halve();
    stream.Halve();
    stream.ExpectWithinBounds(sketch.Report(), 1);
  }
  EXPECT_EQ(TopOf(sketch.Report(), 1), stream.Top(1));
  for (int round = 0; round < 20; ++round) sketch.Halve();
  EXPECT_EQ(sketch.size(), 0u);
  EXPECT_EQ(sketch.Report().requests, 0u);
}

TEST(SpaceSavingTest, WhatWasHotSinksBelowWhatIsHotNow) {
  SpaceSaving sketch(8);
  sketch.Add("yesterday", 1000);
  for (int round = 0; round < 4; ++round) {
    sketch.Halve();
    sketch.Add("today", 100);
  }
  EXPECT_EQ(TopOf(sketch.Report(), 2), (std::vector<std::string>{"today", "yesterday"}));
}

TEST(SpaceSavingTest, AMergeOfTwoHoldsForBothStreams) {
  const std::uint64_t seed = PrintedSeed();
  SpaceSaving one(512);
  SpaceSaving two(512);
  CountedStream stream(100'000, seed);
  stream.FeedTo(&one, 300'000);
  stream.FeedTo(&two, 100'000);
  const HotKeys merged = MergeHotKeys({one.Report(), two.Report()}, 100);
  EXPECT_EQ(merged.keys.size(), 100u);
  EXPECT_EQ(merged.requests, 400'000u);
  stream.ExpectWithinBounds(merged);
  EXPECT_EQ(TopOf(merged, 5), stream.Top(5));
}

}  // namespace
}  // namespace ringcache::metrics

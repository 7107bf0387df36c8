#include "metrics/heavy_hitters.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "metrics/hot_keys.h"
#include "metrics/space_saving.h"
#include "metrics/zipf_stream.h"

namespace ringcache::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::uint64_t PrintedSeed() {
  const std::uint64_t seed = std::random_device{}();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

HeavyHittersOptions Exact() {
  HeavyHittersOptions options;
  options.sample_one_of = 1;
  return options;
}

TEST(HeavyHittersTest, OptionsHaveBounds) {
  EXPECT_TRUE(HeavyHittersOptions().Validate().ok());
  HeavyHittersOptions options;
  options.capacity = 0;
  EXPECT_THAT(options.Validate().message(), HasSubstr("capacity is 0"));
  options.capacity = HeavyHittersOptions::kMaxCapacity;
  EXPECT_TRUE(options.Validate().ok());
  options.capacity += 1;
  EXPECT_FALSE(options.Validate().ok());
  options = Exact();
  EXPECT_TRUE(options.Validate().ok());
  options.sample_one_of = 0;
  EXPECT_THAT(options.Validate().message(), HasSubstr("sample_one_of is 0"));
  options.sample_one_of = HeavyHittersOptions::kMaxSampleOneOf + 1;
  EXPECT_FALSE(options.Validate().ok());
}

TEST(HeavyHittersTest, CountsEveryRequestIfAllAreSampled) {
  HeavyHitters hitters(Exact());
  for (const char* key : {"a", "b", "a"}) hitters.Record(key);
  EXPECT_THAT(hitters.Report().keys, ElementsAre(HotKey{"a", 2}, HotKey{"b", 1}));
  EXPECT_EQ(hitters.missed_samples(), 0u);
}

TEST(HeavyHittersTest, LeavesOutWhatIsLongerThanAKey) {
  HeavyHitters hitters(Exact());
  hitters.Record(std::string(SpaceSaving::kMaxKeyBytes + 1, 'k'));
  EXPECT_THAT(hitters.Report().keys, IsEmpty());
  hitters.Record(std::string(SpaceSaving::kMaxKeyBytes, 'k'));
  EXPECT_EQ(hitters.Report().keys.size(), 1u);
}

TEST(HeavyHittersTest, DecayForgetsWhatWasHotLongAgo) {
  HeavyHitters hitters(Exact());
  for (int i = 0; i < 1000; ++i) hitters.Record("yesterday");
  for (int i = 0; i < 9; ++i) hitters.Decay();
  EXPECT_THAT(hitters.Report().keys, ElementsAre(HotKey{"yesterday", 1}));
  hitters.Decay();
  EXPECT_THAT(hitters.Report().keys, IsEmpty());
}

TEST(HeavyHittersTest, SamplesFindTheTopTenOfAZipfStreamWithinTheBounds) {
  constexpr std::size_t kRequests = 3'000'000;
  constexpr std::size_t kKeys = 20'000;
  HeavyHittersOptions options;
  options.sample_one_of = 8;
  options.seed = PrintedSeed();
  HeavyHitters hitters(options);
  ZipfStream stream(kKeys, options.seed);
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < kKeys; ++i) keys.push_back(ZipfStream::KeyOf(i));
  std::vector<double> counts(kKeys);
  for (std::size_t i = 0; i < kRequests; ++i) {
    const std::size_t number = stream.Next();
    counts[number] += 1;
    hitters.Record(keys[number]);
  }
  // Six standard deviations: by chance one run in tens of millions.
  const auto off_by_chance = [&](double count) { return 6 * std::sqrt(count * 8); };
  const HotKeys told = hitters.Report();
  EXPECT_NEAR(static_cast<double>(told.requests), kRequests, off_by_chance(kRequests));
  const auto find = [&](std::size_t number) {
    return std::find_if(told.keys.begin(), told.keys.end(),
                        [&](const HotKey& key) { return key.key == keys[number]; });
  };
  for (std::size_t i = 0; i < 10; ++i) {
    const auto at = find(i);
    ASSERT_NE(at, told.keys.end()) << keys[i];
    const auto most = static_cast<double>(at->requests);
    EXPECT_GE(most, counts[i] - off_by_chance(counts[i])) << keys[i];
    EXPECT_LE(most - static_cast<double>(at->error), counts[i] + off_by_chance(counts[i]));
    // In order of all that are further apart than chance moves them.
    for (std::size_t later = i + 1; later < kKeys; ++later) {
      if (counts[later] + off_by_chance(counts[later]) + kRequests / 512.0 <
          counts[i] - off_by_chance(counts[i])) {
        ASSERT_LT(at, find(later)) << keys[i] << " " << keys[later];
      }
    }
  }
}

TEST(HeavyHittersTest, APeriodInTheRequestsDoesNotMeetOneInTheSamples) {
  HeavyHittersOptions options;
  options.sample_one_of = 16;
  options.seed = PrintedSeed();
  HeavyHitters hitters(options);
  constexpr int kRounds = 20'000;
  for (int i = 0; i < kRounds * 16; ++i) hitters.Record(i % 16 == 0 ? "a" : "b");
  const HotKeys told = hitters.Report();
  ASSERT_EQ(told.keys.size(), 2u);
  EXPECT_EQ(told.keys[1].key, "a");
  EXPECT_NEAR(static_cast<double>(told.keys[1].requests), kRounds, 6 * std::sqrt(kRounds * 16.0));
}

TEST(HeavyHittersTest, DifferentSeedsSampleDifferentRequests) {
  std::vector<HotKeys> told;
  for (const std::uint64_t seed : {1, 2}) {
    HeavyHittersOptions options;
    options.seed = seed;
    HeavyHitters hitters(options);
    for (int i = 0; i < 10'000; ++i) hitters.Record(absl::StrCat(i));
    told.push_back(hitters.Report());
  }
  EXPECT_NE(told[0].keys, told[1].keys);
}

TEST(HeavyHittersTest, IsReadableWhileItsWriterRecords) {
  constexpr std::uint64_t kRequests = 100'000;
  HeavyHittersOptions options = Exact();
  options.capacity = 16;
  HeavyHitters hitters(options);
  std::thread writer([&hitters] {
    for (std::uint64_t i = 0; i < kRequests; ++i) hitters.Record(absl::StrCat("key", i % 20));
  });
  std::uint64_t seen = 0;
  while (seen + hitters.missed_samples() < kRequests) {
    const HotKeys told = hitters.Report();
    ASSERT_GE(told.requests, seen);
    for (const HotKey& key : told.keys) ASSERT_EQ(key.key.substr(0, 3), "key");
    seen = told.requests;
  }
  writer.join();
  hitters.Decay();
  EXPECT_EQ(hitters.Report().requests, (kRequests - hitters.missed_samples()) / 2);
}

}  // namespace
}  // namespace ringcache::metrics

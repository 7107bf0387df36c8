#include "tools/loadgen/key_distribution.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "tools/loadgen/random_source.h"

namespace ringcache::loadgen {
namespace {

constexpr int kDraws = 400'000;

std::vector<int> CountDraws(const KeyDistribution& distribution, std::uint32_t keys) {
  std::vector<int> counts(keys);
  RandomSource random(RandomSource::SeedFor(1, 0));
  for (int i = 0; i < kDraws; ++i) ++counts.at(distribution.Next(&random));
  return counts;
}

std::vector<double> ZipfProbabilities(std::uint32_t keys, double exponent) {
  std::vector<double> probabilities;
  double sum = 0;
  for (std::uint32_t rank = 1; rank <= keys; ++rank) {
    probabilities.push_back(std::pow(rank, -exponent));
    sum += probabilities.back();
  }
  for (double& probability : probabilities) probability /= sum;
  return probabilities;
}

// Pearson's statistic over all keys is near its degrees of freedom, keys - 1; five standard
// deviations, sqrt(2 * (keys - 1)) each, are never seen by chance with a fixed seed.
void ExpectFits(const std::vector<int>& counts, const std::vector<double>& probabilities) {
  double statistic = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = probabilities[i] * kDraws;
    statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
  }
  const double freedom = static_cast<double>(counts.size()) - 1;
  EXPECT_LT(statistic, freedom + 5 * std::sqrt(2 * freedom));
  EXPECT_GT(statistic, freedom - 5 * std::sqrt(2 * freedom));
}

TEST(KeyDistribution, ZipfFrequenciesFollowTheory) {
  constexpr std::uint32_t kKeys = 200;
  for (const double exponent : {0.0, 0.5, 0.99, 1.0, 1.2}) {
    SCOPED_TRACE(exponent);
    const KeyDistribution zipf(KeyDistribution::Kind::kZipf, kKeys, exponent);
    ExpectFits(CountDraws(zipf, kKeys), ZipfProbabilities(kKeys, exponent));
  }
}

TEST(KeyDistribution, TheMostPopularOfAMillionKeysHasItsShare) {
  constexpr std::uint32_t kKeys = 1'000'000;
  const KeyDistribution zipf(KeyDistribution::Kind::kZipf, kKeys, 0.99);
  const std::vector<int> counts = CountDraws(zipf, kKeys);
  const std::vector<double> expected = ZipfProbabilities(kKeys, 0.99);
  for (int rank = 0; rank < 3; ++rank) {
    EXPECT_NEAR(counts[rank], expected[rank] * kDraws, 5 * std::sqrt(expected[rank] * kDraws));
  }
}

TEST(KeyDistribution, UniformKeysAreEquallyLikely) {
  constexpr std::uint32_t kKeys = 500;
  const KeyDistribution uniform(KeyDistribution::Kind::kUniform, kKeys, 0.99);
  ExpectFits(CountDraws(uniform, kKeys), std::vector<double>(kKeys, 1.0 / kKeys));
}

TEST(KeyDistribution, AnExtremeExponentAndASingleKeyWork) {
  RandomSource random(1);
  const ZipfDistribution steep(1000, ZipfDistribution::kMaxExponent);
  const ZipfDistribution single(1, 0.99);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_LT(steep.Next(&random), 5u);
    EXPECT_EQ(single.Next(&random), 0u);
  }
}

TEST(RandomSource, ASeedGivesTheSameStreamEverywhere) {
  RandomSource random(42);
  EXPECT_EQ(random.Next(), 13679457532755275413u);  // SplitMix64's published first value for 42
  RandomSource a(RandomSource::SeedFor(7, 0)), b(RandomSource::SeedFor(7, 0));
  RandomSource other(RandomSource::SeedFor(7, 1));
  int equal = 0;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t value = a.Next();
    EXPECT_EQ(value, b.Next());
    equal += value == other.Next();
  }
  EXPECT_EQ(equal, 0);
}

}  // namespace
}  // namespace ringcache::loadgen

#include "hashring/placement/weighted_ch3.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hashring/hash/furc.h"
#include "hashring/hash/spooky.h"

namespace ringcache::hashring {
namespace {

std::vector<std::uint32_t> Owners(const Placement& placement,
                                  const std::vector<std::string>& keys) {
  std::vector<std::uint32_t> owners;
  for (const std::string& key : keys) owners.push_back(placement.Locate(key));
  return owners;
}

std::vector<int> Counts(const Placement& placement, int keys) {
  std::vector<int> counts(placement.slots());
  for (int i = 0; i < keys; ++i) ++counts[placement.Locate(std::to_string(i))];
  return counts;
}

// This and the next three are of mcrouter's WeightedCh3HashFuncTest.
TEST(WeightedCh3Test, FullWeightsAreCh3) {
  const WeightedCh3 hundred(std::vector<double>(100, 1.0));
  EXPECT_EQ(Owners(hundred, {"sample", ""}), (std::vector<std::uint32_t>{97, 72}));
  const WeightedCh3 one(std::vector<double>{1.0});
  EXPECT_EQ(Owners(one, {"sample", ""}), (std::vector<std::uint32_t>{0, 0}));
  const WeightedCh3 most(std::vector<double>(kFurcMaxSlots, 1.0));
  EXPECT_EQ(Owners(most, {"", "sample"}), (std::vector<std::uint32_t>{6173600, 5167780}));
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes.push_back(static_cast<char>(i - 128));
  const WeightedCh3 many(std::vector<double>(99999, 1.0));
  EXPECT_EQ(many.Locate(all_bytes), 31015u);
  std::reverse(all_bytes.begin(), all_bytes.end());
  EXPECT_EQ(many.Locate(all_bytes), 67101u);
}

TEST(WeightedCh3Test, WithoutAnyWeightTheLastTryCounts) {
  const WeightedCh3 one(std::vector<double>{0.0});
  EXPECT_EQ(Owners(one, {"sample", ""}), (std::vector<std::uint32_t>{0, 0}));
  const WeightedCh3 hundred(std::vector<double>(100, 0.0));
  EXPECT_EQ(Owners(hundred, {"sample", ""}), (std::vector<std::uint32_t>{59, 45}));
}

TEST(WeightedCh3Test, ALesserWeightMovesOnlyItsOwnKeys) {
  const WeightedCh3 full(std::vector<double>{1.0, 1.0, 1.0});
  const WeightedCh3 reduced(std::vector<double>{1.0, 1.0, 0.7});
  for (int i = 0; i < 1000; ++i) {
    const std::uint32_t before = full.Locate(std::to_string(i));
    EXPECT_TRUE(before == 2 || reduced.Locate(std::to_string(i)) == before) << i;
  }
  EXPECT_EQ(Counts(full, 1000), (std::vector<int>{307, 342, 351}));
  EXPECT_EQ(Counts(reduced, 1000), (std::vector<int>{341, 371, 288}));
}

TEST(WeightedCh3Test, SpreadsAsMcrouters) {
  const std::vector<double> weights = {0.429, 0.541, 0.117, 0.998, 0.283,
                                       0.065, 0.109, 0.042, 0.676, 0.943};
  EXPECT_EQ(Counts(WeightedCh3(weights), 10000),
            (std::vector<int>{1016, 1252, 288, 2354, 661, 195, 247, 122, 1668, 2197}));
}

// The search written down for keys of any length, short or past what is held without an allocation.
std::uint32_t SearchedSlot(const std::string& key, const std::vector<double>& weights) {
  std::string salted = key;
  std::uint32_t slot = 0;
  for (int tries = 0; tries < 32; ++tries) {
    slot = Furc(FurcHash(salted), static_cast<std::uint32_t>(weights.size()));
    if (Spooky32(salted, 0xface2014) < weights[slot] * 4294967295.0) return slot;
    std::string digits = std::to_string(tries);
    std::reverse(digits.begin(), digits.end());
    salted = key + digits;
  }
  return slot;
}

TEST(WeightedCh3Test, SaltsKeysOfAnyLength) {
  // Few slots take keys, so that most are salted often, some to the end.
  std::vector<double> weights(100, 0.0);
  weights[50] = weights[70] = 1.0;
  weights[60] = 0.5;
  const WeightedCh3 placement(weights);
  for (std::size_t size = 0; size < 400; ++size) {
    const std::string key(size, 'k');
    EXPECT_EQ(placement.Locate(key), SearchedSlot(key, weights)) << size;
  }
}

}  // namespace
}  // namespace ringcache::hashring

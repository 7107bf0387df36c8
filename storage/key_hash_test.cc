#include "storage/key_hash.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::storage {
namespace {

constexpr std::uint64_t kSeed = 0x1234'5678'9abc'def0;

TEST(KeyHashTest, DependsOnKeyAndSeedOnly) {
  const std::string key = "user:1001";
  EXPECT_EQ(HashKey(kSeed, key), HashKey(kSeed, std::string(key)));
  EXPECT_NE(HashKey(kSeed, key), HashKey(kSeed + 1, key));
}

TEST(KeyHashTest, TellsApartEveryLengthOfTheSameByte) {
  for (const char byte : {'\0', 'a', '\xff'}) {
    std::set<std::uint64_t> seen;
    for (std::size_t length = 0; length <= 255; ++length) {
      EXPECT_TRUE(seen.insert(HashKey(kSeed, std::string(length, byte))).second) << length;
    }
  }
}

TEST(KeyHashTest, EveryBitOfTheKeyMovesHalfOfTheHash) {
  for (const std::size_t length : {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 255}) {
    double least = 64;
    double sum = 0;
    for (std::size_t bit = 0; bit < length * 8; ++bit) {
      double flips = 0;
      constexpr int kSeeds = 32;
      for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        std::string key(length, 'k');
        const std::uint64_t before = HashKey(seed * kSeed, key);
        key[bit / 8] = static_cast<char>(key[bit / 8] ^ (1 << bit % 8));
        flips += std::popcount(before ^ HashKey(seed * kSeed, key));
      }
      least = std::min(least, flips / kSeeds);
      sum += flips / kSeeds;
    }
    EXPECT_GT(least, 24) << "length " << length;
    EXPECT_NEAR(sum / static_cast<double>(length * 8), 32, 2) << "length " << length;
  }
}

// Chi-squared over 4096 bins of 65,536 keys: mean 4095, deviation 90; six deviations are allowed.
void ExpectUniform(const std::vector<std::string>& keys, int shift, const std::string& name) {
  constexpr std::size_t kBins = 4096;
  std::vector<int> bins(kBins);
  for (const std::string& key : keys) ++bins[HashKey(kSeed, key) >> shift & (kBins - 1)];
  const double expected = static_cast<double>(keys.size()) / kBins;
  double chi_squared = 0;
  for (const int count : bins) chi_squared += (count - expected) * (count - expected) / expected;
  EXPECT_NEAR(chi_squared, kBins - 1, 6 * 90) << name << ", bits from " << shift;
}

TEST(KeyHashTest, FillsBucketsAndTagsEvenlyForTheKeysThatPeopleUse) {
  std::vector<std::string> counted, padded, spread;
  for (int i = 0; i < 65536; ++i) {
    const std::string digits = std::to_string(i);
    counted.push_back("key" + digits);
    padded.push_back("session:" + std::string(10 - digits.size(), '0') + digits + ":profile:v2");
    spread.push_back(std::string(reinterpret_cast<const char*>(&i), sizeof(i)));
  }
  for (const int shift : {0, 20, 48, 52}) {
    ExpectUniform(counted, shift, "counted keys");
    ExpectUniform(padded, shift, "padded keys");
    ExpectUniform(spread, shift, "binary keys");
  }
}

TEST(KeyHashTest, ReadsNothingBeyondTheKey) {
  for (std::size_t length = 1; length <= 40; ++length) {
    // AddressSanitizer sees a read outside; the heap block is exactly as long as the key.
    const std::vector<char> block(length, 'x');
    EXPECT_EQ(HashKey(kSeed, absl::string_view(block.data(), length)),
              HashKey(kSeed, std::string(length, 'x')));
  }
}

}  // namespace
}  // namespace ringcache::storage

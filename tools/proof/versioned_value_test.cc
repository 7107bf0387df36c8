#include "tools/proof/versioned_value.h"

#include <algorithm>
#include <optional>
#include <string>

#include "gtest/gtest.h"

namespace ringcache::proof {
namespace {

TEST(VersionedValueTest, SaysItsVersion) {
  for (const std::uint64_t version : {1u, 2u, 99u, 123456u}) {
    EXPECT_EQ(ReadVersion("key", SpellValue("key", version)), version);
  }
}

TEST(VersionedValueTest, HasManyLengthsUpToItsBound) {
  std::size_t longest = 0;
  for (std::uint64_t version = 1; version < 1000; ++version) {
    longest = std::max(longest, SpellValue("key", version).size());
  }
  EXPECT_GT(longest, kMaxLetters / 2);
  EXPECT_LT(longest, kMaxLetters + 10);
}

TEST(VersionedValueTest, KnowsWhatIsTornOrAnothers) {
  const std::string value = SpellValue("key", 7);
  ASSERT_GT(value.size(), 20u);
  EXPECT_EQ(ReadVersion("key2", value), std::nullopt);
  EXPECT_EQ(ReadVersion("ke", value), std::nullopt);
  EXPECT_EQ(ReadVersion("key", ""), std::nullopt);
  EXPECT_EQ(ReadVersion("key", value.substr(0, value.size() - 1)), std::nullopt);
  EXPECT_EQ(ReadVersion("key", value + "x"), std::nullopt);
  std::string torn = value;
  torn.replace(torn.size() - 4, 4, SpellValue("key", 8).substr(8, 4));
  EXPECT_EQ(ReadVersion("key", torn), std::nullopt);
}

}  // namespace
}  // namespace ringcache::proof

#include "hashring/sample_keys.h"

#include <limits>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

TEST(SampleKeyTest, IsNumbered) {
  SampleKey key;
  EXPECT_EQ(key.Text(0), "key:0");
  EXPECT_EQ(key.Text(999'999), "key:999999");
  EXPECT_EQ(key.Text(7), "key:7");
  EXPECT_EQ(key.Text(std::numeric_limits<std::uint64_t>::max()), "key:18446744073709551615");
}

}  // namespace
}  // namespace ringcache::hashring

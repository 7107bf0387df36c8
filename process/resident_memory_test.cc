#include "process/resident_memory.h"

#include "gtest/gtest.h"

namespace ringcache::process {
namespace {

TEST(ResidentMemoryTest, ATestHoldsMoreThanAMegabyteAndLessThanATerabyte) {
  EXPECT_GT(ResidentBytes(), std::uint64_t{1} << 20);
  EXPECT_LT(ResidentBytes(), std::uint64_t{1} << 40);
}

}  // namespace
}  // namespace ringcache::process

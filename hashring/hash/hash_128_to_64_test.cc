#include "hashring/hash/hash_128_to_64.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

// Of the definition, in another language; mcrouter_rendezvous_test has mcrouter's own vectors.
TEST(Hash128To64Test, IsTheDefinitions) {
  EXPECT_EQ(Hash128To64(0, 0), 0u);
  EXPECT_EQ(Hash128To64(1, 2), 0xd1aa4377fbb56312u);
  EXPECT_EQ(Hash128To64(2, 1), 0x86668a560ec835a1u);
  EXPECT_EQ(Hash128To64(0x0123456789abcdef, ~std::uint64_t{0}), 0x3bb3f2c6d6c1b8b9u);
}

}  // namespace
}  // namespace ringcache::hashring

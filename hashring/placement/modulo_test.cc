#include "hashring/placement/modulo.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

// The hashes are Debian's libhashkit 1.1.4's.
TEST(ModuloTest, IsTheRemainderOfTheClientsHash) {
  EXPECT_EQ(Modulo(7, KeyHash::kDefault).Locate("user:1001"), 0xa3ac13e0u % 7);
  EXPECT_EQ(Modulo(7, KeyHash::kOneAtATime).Locate("user:1001"), 0xa3ac13e0u % 7);
  EXPECT_EQ(Modulo(7, KeyHash::kMd5).Locate("user:1001"), 0xe4d46b12u % 7);
  EXPECT_EQ(Modulo(7, KeyHash::kCrc32).Locate("user:1001"), 0x6873u % 7);
  EXPECT_EQ(Modulo(7, KeyHash::kFnv1_64).Locate("user:1001"), 0xd39e3d20u % 7);
  EXPECT_EQ(Modulo(7, KeyHash::kFnv1a_64).Locate("user:1001"), 0xae7b40d6u % 7);
  EXPECT_EQ(Modulo(7, KeyHash::kFnv1_32).Locate("user:1001"), 0xa6affca0u % 7);
  EXPECT_EQ(Modulo(7, KeyHash::kFnv1a_32).Locate("user:1001"), 0x4f7c1bf6u % 7);
  EXPECT_EQ(Modulo(7, KeyHash::kMurmur).Locate("user:1001"), 0x4ca47a0bu % 7);
  EXPECT_EQ(Modulo(7, KeyHash::kJenkins).Locate("user:1001"), 0x94a1fb1au % 7);
}

// Not in libhashkit: their tests beside them have the published values.
TEST(ModuloTest, TakesTwemproxysHashes) {
  EXPECT_EQ(Modulo(1000, KeyHash::kCrc32a).Locate("123456789"), 0xcbf43926u % 1000);
  EXPECT_EQ(Modulo(1000, KeyHash::kCrc16).Locate("123456789"), 0xbb3du % 1000);
  EXPECT_NE(Modulo(1000, KeyHash::kHsieh).HashKey("123456789"), 0u);
}

}  // namespace
}  // namespace ringcache::hashring

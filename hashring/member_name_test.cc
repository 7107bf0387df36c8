#include "hashring/member_name.h"

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

TEST(MemberNameTest, IsWhatOneWouldConnectTo) {
  EXPECT_EQ(NameOf({.host = "cache-0.cache"}), "cache-0.cache:11211");
  EXPECT_EQ(NameOf({.host = "10.0.0.1", .port = 5000, .weight = 3}), "10.0.0.1:5000");
  EXPECT_EQ(NameOf({.host = "fd00::1", .port = 5000}), "[fd00::1]:5000");
  EXPECT_EQ(NameOf({.host = "/run/cache.sock", .port = 0}), "/run/cache.sock");
}

}  // namespace
}  // namespace ringcache::hashring

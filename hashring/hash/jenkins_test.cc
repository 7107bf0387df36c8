#include "hashring/hash/jenkins.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

struct Row {
  std::string key;
  std::uint32_t hash;
};

// Of Debian's libhashkit 1.1.4.
TEST(JenkinsTest, IsTheClients) {
  const Row kRows[] = {
      {"", 0xdeadbefc},
      {"a", 0xe0a38690},
      {"ab", 0xc1b5695b},
      {"abc", 0x8f415600},
      {"mykey", 0xed3ed4d1},
      {"user:1001", 0x94a1fb1a},
      {"twelve bytes", 0x79f83762},
      {"session:abcdef", 0x96c6c8ea},
      {"\xff\x80\xe9", 0x3f03d077},
      {"caf\xc3\xa9:1", 0xc5bb21b8},
      {std::string(250, 'k'), 0x4afa8cb0},
  };
  for (const Row& row : kRows) EXPECT_EQ(Jenkins(row.key), row.hash) << row.key;
}

// Of Debian's libhashkit 1.1.4.
TEST(JenkinsTest, EveryLengthOfTheLastBlockHasItsHash) {
  const std::string text = "0123456789abcdefghijklmnopqrstuvwxyz";
  const std::uint32_t kHashes[] = {
      0xdeadbefc, 0xd3faba7a, 0x42ee7f11, 0x9e9b2fe9, 0xdf82e2ee, 0xe2acc44c, 0xcc676623,
      0xf5c2c8b8, 0xf794362f, 0x9234c15d, 0x177eb53e, 0x06f3abab, 0x6d223753, 0x37f93ead,
      0x9701919f, 0x5fd2a031, 0xe022e949, 0x7532191b, 0x81202f8a, 0x517a63e7, 0xf6be82e7,
      0xd3547d4e, 0x4da56ebe, 0xdf0e44c8, 0x98c99d58, 0x5b807616, 0x15d2e7ce, 0xff5d8b0b,
      0xf8cd576a, 0x653a724a, 0x5f4a0b17, 0x312ed759, 0xb868a79d, 0xba888222, 0x610c9def,
      0xa1917887, 0x3568cfe1};
  ASSERT_EQ(std::size(kHashes), text.size() + 1);
  for (std::size_t length = 0; length <= text.size(); ++length) {
    EXPECT_EQ(Jenkins(text.substr(0, length)), kHashes[length]) << length;
  }
}

TEST(JenkinsTest, DoesNotDependOnWhereTheKeyLies) {
  const std::string text = "xxxxuser:1001:profile";
  for (std::size_t offset = 0; offset < 4; ++offset) {
    const std::string moved = text.substr(4 - offset);
    EXPECT_EQ(Jenkins(absl::string_view(moved).substr(offset)), Jenkins("user:1001:profile"));
  }
}

}  // namespace
}  // namespace ringcache::hashring

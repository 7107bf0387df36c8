#include "hashring/hash/one_at_a_time.h"

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
TEST(OneAtATimeTest, IsTheClients) {
  const Row kRows[] = {
      {"", 0x00000000},
      {"a", 0xca2e9442},
      {"ab", 0x45e61e58},
      {"abc", 0xed131f5b},
      {"mykey", 0x6f3ddc50},
      {"user:1001", 0xa3ac13e0},
      {"twelve bytes", 0x9c1aa369},
      {"session:abcdef", 0x0f5ba165},
      {"\xff\x80\xe9", 0x90008ade},
      {"caf\xc3\xa9:1", 0xbe5feea1},
      {std::string(250, 'k'), 0x64ea6c90},
  };
  for (const Row& row : kRows) EXPECT_EQ(OneAtATime(row.key), row.hash) << row.key;
}

}  // namespace
}  // namespace ringcache::hashring

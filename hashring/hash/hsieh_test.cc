#include "hashring/hash/hsieh.h"

#include <cstdint>
#include <string>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

struct Row {
  std::string key;
  std::uint32_t hash;
};

// Of twemproxy's nc_hsieh.c, compiled for x86-64.
TEST(HsiehTest, IsTheClients) {
  const Row kRows[] = {
      {"", 0x00000000},
      {"a", 0x93642e87},
      {"ab", 0x5b8c0ec3},
      {"abc", 0xe5186b3a},
      {"mykey", 0xdf5ff45c},
      {"user:1001", 0xda3b9063},
      {"twelve bytes", 0x6fac6958},
      {"session:abcdef", 0x3c854816},
      {"\xff\x80\xe9", 0x4c76a41b},
      {"caf\xc3\xa9:1", 0x1f7ff249},
      {std::string(250, 'k'), 0x601dfad4},
  };
  for (const Row& row : kRows) EXPECT_EQ(Hsieh(row.key), row.hash) << row.key;
}

}  // namespace
}  // namespace ringcache::hashring

#include "hashring/hash/crc.h"

#include <cstdint>
#include <string>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

struct Row {
  std::string key;
  std::uint32_t hash;
};

// The check values of the catalogue of parametrised CRC algorithms: CRC-32/ISO-HDLC, CRC-16/ARC.
TEST(CrcTest, IsTheCatalogues) {
  EXPECT_EQ(Crc32("123456789"), 0xcbf43926u);
  EXPECT_EQ(Crc16("123456789"), 0xbb3du);
  EXPECT_EQ(Crc32(""), 0u);
  EXPECT_EQ(Crc16(""), 0u);
}

// Of Debian's libhashkit 1.1.4.
TEST(CrcTest, FifteenBitsAreTheClients) {
  const Row kRows[] = {
      {"", 0x00000000},
      {"a", 0x000068b7},
      {"ab", 0x00001e83},
      {"abc", 0x00003524},
      {"mykey", 0x00004466},
      {"user:1001", 0x00006873},
      {"twelve bytes", 0x000045bf},
      {"session:abcdef", 0x00007d6b},
      {"\xff\x80\xe9", 0x0000238c},
      {"caf\xc3\xa9:1", 0x000034ce},
      {std::string(250, 'k'), 0x00000497},
  };
  for (const Row& row : kRows) EXPECT_EQ(Crc32Fifteen(row.key), row.hash) << row.key;
}

// Of mcrouter's Crc32HashTest: the keys of all bytes, from 128 up and from 127 down.
TEST(CrcTest, TakesBytesAsTheyAre) {
  std::string up, down;
  for (int i = 0; i < 256; ++i) {
    up.push_back(static_cast<char>(i - 128));
    down.push_back(static_cast<char>(127 - i));
  }
  EXPECT_EQ((Crc32(up) & 0x7fffffff) % 99999, 11697u);
  EXPECT_EQ((Crc32(down) & 0x7fffffff) % 99999, 97630u);
}

// Each length takes another number of steps of eight bytes and of one.
TEST(CrcTest, IsTheDefinitionsAtEveryLength) {
  std::string key;
  std::uint32_t crc = ~0u;
  for (int length = 0; length <= 100; ++length) {
    EXPECT_EQ(Crc32(key), ~crc) << length;
    key.push_back(static_cast<char>(length * 37));
    crc ^= static_cast<unsigned char>(key.back());
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
}

}  // namespace
}  // namespace ringcache::hashring

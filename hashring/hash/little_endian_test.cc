#include "hashring/hash/little_endian.h"

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

TEST(LittleEndianTest, TheFirstByteIsTheLowest) {
  const char bytes[] = "\x01\x02\x03\x04\x05\x06\x07\xff";
  EXPECT_EQ(LoadWord32(bytes), 0x04030201u);
  EXPECT_EQ(LoadWord32(bytes + 1), 0x05040302u);
  EXPECT_EQ(LoadWord64(bytes), 0xff07060504030201u);
}

TEST(LittleEndianTest, APartIsFilledWithZeros) {
  const char bytes[] = "\x01\x02\xff";
  EXPECT_EQ(LoadPartialWord(bytes, 0), 0u);
  EXPECT_EQ(LoadPartialWord(bytes, 2), 0x0201u);
  EXPECT_EQ(LoadPartialWord(bytes, 3), 0xff0201u);
}

TEST(LittleEndianTest, ASignedByteFillsTheBitsAboveItself) {
  EXPECT_EQ(SignedByte('\x7f'), 0x7fu);
  EXPECT_EQ(SignedByte('\x80'), 0xffffff80u);
}

}  // namespace
}  // namespace ringcache::hashring

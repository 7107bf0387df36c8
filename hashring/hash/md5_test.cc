#include "hashring/hash/md5.h"

#include <cstdint>
#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"
#include "openssl/evp.h"

namespace ringcache::hashring {
namespace {

std::string HexOf(absl::string_view text) {
  const Md5Words words = Md5(text);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(words.data()), sizeof(words)));
}

// The test suite of RFC 1321, A.5.
TEST(Md5Test, IsTheRfcs) {
  EXPECT_EQ(HexOf(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(HexOf("a"), "0cc175b9c0f1b6a831c399e269772661");
  EXPECT_EQ(HexOf("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(HexOf("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(HexOf("abcdefghijklmnopqrstuvwxyz"), "c3fcd3d76192e4007dfb496cca67e13b");
  EXPECT_EQ(HexOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
            "d174ab98d277d9f5a5611c2c9f419d9f");
  EXPECT_EQ(HexOf("123456789012345678901234567890123456789012345678901234567890123456789012345678"
                  "90"),
            "57edf4a22be3c955ac49da2e2107b67a");
}

// From nothing to past three blocks: each way that the end can lie in the last one.
TEST(Md5Test, IsOpenSslsAtEveryLength) {
  std::string text;
  for (int length = 0; length <= 200; ++length) {
    Md5Words words;
    unsigned int size = 0;
    ASSERT_EQ(EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(words.data()),
                         &size, EVP_md5(), nullptr),
              1);
    ASSERT_EQ(size, sizeof(words));
    EXPECT_EQ(Md5(text), words) << length;
    text.push_back(static_cast<char>(length * 37));
  }
}

TEST(Md5Test, TheHashOfAKeyIsTheFirstFourBytes) {
  // libmemcached's ketama vectors: the hashes of their keys.
  EXPECT_EQ(Md5_32("SVa_]_V41)"), 443691461u);
  EXPECT_EQ(Md5_32("*/Z;?V(.\\8"), 1422915503u);
}

}  // namespace
}  // namespace ringcache::hashring

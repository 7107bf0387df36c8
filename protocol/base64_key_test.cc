#include "protocol/base64_key.h"

#include <random>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "protocol/request.h"

namespace ringcache::protocol {
namespace {

std::string Encoded(absl::string_view key) {
  std::string out(Base64Bytes(key.size()), '\0');
  EXPECT_EQ(WriteBase64(out.data(), key), out.data() + out.size());
  return out;
}

std::string Decoded(absl::string_view text) {
  char scratch[kMaxKeyBytes];
  return std::string(DecodeKey(text, scratch));
}

TEST(Base64KeyTest, SpellsTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> kVectors[] = {
      {"f", "Zg=="},         {"fo", "Zm8="},         {"foo", "Zm9v"},      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}, {"\xff\xfe", "//4="}, {"\xfb\xff", "+/8="},
  };
  for (const auto& [key, text] : kVectors) {
    EXPECT_EQ(Encoded(key), text);
    EXPECT_EQ(Decoded(text), key);
  }
  EXPECT_EQ(Encoded(""), "");
}

TEST(Base64KeyTest, RefusesAllButTheOneSpelling) {
  for (const char* text : {"", "Z", "Zg", "Zg=", "Zg==Zg==", "====", "=g==", "Z===", "Zh==", "Zm9=",
                           "Zm 9", "Zm9v\n", "Zm9v=", "Zm-_", "Zg=a", "\xff\xff\xff\xff"}) {
    EXPECT_EQ(Base64DecodedBytes(text), -1) << text;
    EXPECT_EQ(Decoded(text), "") << text;
  }
}

TEST(Base64KeyTest, KeysEndAtTheirLimit) {
  const std::string longest(kMaxKeyBytes, '\0');
  EXPECT_EQ(Encoded(longest).size(), kMaxBase64KeyBytes);
  EXPECT_EQ(Decoded(Encoded(longest)), longest);
  EXPECT_EQ(Decoded(Encoded(std::string(kMaxKeyBytes + 1, '\0'))), "");
}

TEST(Base64KeyTest, AllBytesSurviveTheRoundTrip) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 2000; ++i) {
    std::string key(1 + random() % kMaxKeyBytes, '\0');
    for (char& c : key) c = static_cast<char>(random());
    const std::string text = Encoded(key);
    EXPECT_EQ(Base64DecodedBytes(text), static_cast<std::ptrdiff_t>(key.size()));
    EXPECT_EQ(Decoded(text), key);
  }
}

TEST(Base64KeyTest, PlainKeysHaveNoSpacesOrControls) {
  EXPECT_TRUE(IsPlainKey("key:1"));
  EXPECT_TRUE(IsPlainKey("\xc3\xa9"));
  EXPECT_TRUE(IsPlainKey(std::string(kMaxKeyBytes, 'k')));
  EXPECT_FALSE(IsPlainKey(""));
  EXPECT_FALSE(IsPlainKey(std::string(kMaxKeyBytes + 1, 'k')));
  EXPECT_FALSE(IsPlainKey("a b"));
  EXPECT_FALSE(IsPlainKey("a\nb"));
  EXPECT_FALSE(IsPlainKey("a\x7f"));
}

}  // namespace
}  // namespace ringcache::protocol

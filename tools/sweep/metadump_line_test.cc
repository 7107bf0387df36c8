#include "tools/sweep/metadump_line.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"

namespace ringcache::sweep {
namespace {

std::string KeyOf(absl::string_view line) {
  char key[protocol::kMaxKeyBytes];
  return std::string(KeyOfMetadumpLine(line, key));
}

TEST(MetadumpLineTest, TheKeyEndsAtTheFirstSpace) {
  EXPECT_EQ(KeyOf("key=user:7 exp=-1 la=1 cas=2 fetch=no cls=1 size=63 flags=0"), "user:7");
  EXPECT_EQ(KeyOf("key=a"), "a");
}

TEST(MetadumpLineTest, PercentSignsAreUndone) {
  EXPECT_EQ(KeyOf("key=100%25%20of%0a%C3%A9 exp=-1"), "100% of\n\xC3\xA9");
  EXPECT_EQ(KeyOf("key=%41"), "A");
}

TEST(MetadumpLineTest, EveryByteComesBack) {
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_EQ(KeyOf(absl::StrFormat("key=a%%%02X exp=0", byte)),
              std::string("a") + static_cast<char>(byte));
  }
}

TEST(MetadumpLineTest, WhatIsNoKeyIsEmpty) {
  for (const char* line : {"", "key=", "key= exp=-1", "END", "ke", "exp=-1 key=a", "key=%",
                           "key=%4", "key=a%4 exp=1", "key=%4g", "key=%g4 "}) {
    EXPECT_EQ(KeyOf(line), "") << line;
  }
}

TEST(MetadumpLineTest, AKeyHasAtMost250Bytes) {
  const std::string longest(protocol::kMaxKeyBytes, 'k');
  EXPECT_EQ(KeyOf(absl::StrCat("key=", longest, " exp=1")), longest);
  EXPECT_EQ(KeyOf(absl::StrCat("key=", longest, "k exp=1")), "");
  std::string encoded = "key=";
  for (std::size_t i = 0; i < protocol::kMaxKeyBytes; ++i) encoded += "%20";
  EXPECT_EQ(KeyOf(encoded), std::string(protocol::kMaxKeyBytes, ' '));
  EXPECT_EQ(KeyOf(encoded + "%20"), "");
}

}  // namespace
}  // namespace ringcache::sweep

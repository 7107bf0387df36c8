#include "router/spool/file_name.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ringcache::router {
namespace {

TEST(FileNameTest, NamesAreReadable) {
  EXPECT_EQ(SpellFileName({"mycache-0.mycache.ns.svc.cluster.local:11211", 26}),
            "mycache-0.mycache.ns.svc.cluster.local:11211~000000000000001a.v1");
  EXPECT_EQ(SpellFileName({"[2001:db8::1]:11211", 1}), "[2001:db8::1]:11211~0000000000000001.v1");
  EXPECT_EQ(SpellFileName({"/run/cache.sock", std::nullopt}), "%2Frun%2Fcache.sock~overflowed");
}

TEST(FileNameTest, AnyMemberComesBackAndStaysInTheFolder) {
  std::string every_byte;
  for (int byte = 0; byte < 64; ++byte) every_byte.push_back(static_cast<char>(byte));
  std::string high_bytes;
  for (int byte = 64; byte < 256; byte += 3) high_bytes.push_back(static_cast<char>(byte));
  for (const std::string& member :
       {std::string("a:1"), std::string(".."), std::string("."), std::string("../../etc/passwd"),
        std::string("a~b"), std::string("100%25"), std::string("%41"), every_byte, high_bytes}) {
    for (const std::optional<std::uint64_t> sequence :
         {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(0),
          std::optional<std::uint64_t>(~std::uint64_t{0})}) {
      const std::string text = SpellFileName({member, sequence});
      EXPECT_EQ(text.find('/'), text.npos);
      EXPECT_EQ(text.find('\0'), text.npos);
      EXPECT_NE(text[0], '.');
      const std::optional<FileName> name = ParseFileName(text);
      ASSERT_TRUE(name.has_value()) << text;
      EXPECT_EQ(name->member, member);
      EXPECT_EQ(name->sequence, sequence);
    }
  }
}

TEST(FileNameTest, WhatIsNoFileOfASpoolIsNone) {
  for (const char* text :
       {"", "lock", "a", "a~", "~overflowed", "a~overflowed2", "a~1.v1", "a~000000000000001A.v1",
        "a~0000000000000001.v2", "a~0000000000000001", "a/b~overflowed", "%61~overflowed",
        "%2f~overflowed", "%~overflowed", "a~0x00000000000001.v1", ".a~overflowed"}) {
    EXPECT_FALSE(ParseFileName(text).has_value()) << text;
  }
}

TEST(FileNameTest, NamesHaveABound) {
  EXPECT_FALSE(CanNameFiles(""));
  const std::string longest(kMaxEscapedNameBytes, 'a');
  EXPECT_TRUE(CanNameFiles(longest));
  EXPECT_EQ(SpellFileName({longest, 1}).size(), 255u);
  EXPECT_FALSE(CanNameFiles(absl::StrCat(longest, "a")));
  EXPECT_TRUE(CanNameFiles(std::string(kMaxEscapedNameBytes / 3, '/')));
  EXPECT_FALSE(CanNameFiles(std::string(kMaxEscapedNameBytes / 3 + 1, '/')));
}

}  // namespace
}  // namespace ringcache::router

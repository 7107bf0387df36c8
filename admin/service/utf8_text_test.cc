#include "admin/service/utf8_text.h"

#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

TEST(Utf8TextTest, WhatIsUtf8Stays) {
  for (const char* text : {"", "cache-0:11211", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}) {
    EXPECT_EQ(Utf8Text(text), text);
  }
}

TEST(Utf8TextTest, OtherBytesBecomeQuestionMarks) {
  EXPECT_EQ(Utf8Text("a\xFFz"), "a?z");
  EXPECT_EQ(Utf8Text("\xC3"), "?");
  EXPECT_EQ(Utf8Text("\xC0\xAF"), "??");            // longer than needed
  EXPECT_EQ(Utf8Text("\xED\xA0\x80"), "???");       // a surrogate
  EXPECT_EQ(Utf8Text("\xF4\x90\x80\x80"), "????");  // past the last character
  EXPECT_EQ(Utf8Text("\xC3\xA4 \x80"), "?? ?");
}

}  // namespace
}  // namespace ringcache::admin

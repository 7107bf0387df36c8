#include "router/reply_text.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/outgoing_value.h"
#include "gtest/gtest.h"

namespace ringcache::router {
namespace {

client::OutgoingValue Value(std::string bytes) {
  return client::OutgoingValue::Owned(std::move(bytes));
}

std::string All(const ReplyText& text) {
  return absl::StrCat(text.head(), text.value().bytes, text.tail());
}

TEST(ReplyTextTest, IsEmptyUntilSomethingIsSaid) {
  ReplyText text;
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(text.bytes(), 0u);
  text.Keep();
  EXPECT_TRUE(text.empty());
  text.Set("END\r\n");
  EXPECT_FALSE(text.empty());
  EXPECT_EQ(text.bytes(), 5u);
}

TEST(ReplyTextTest, PiecesThatLieSideBySideAreNotCopied) {
  const std::string received = "VALUE k 0 1\r\nx\r\nEND\r\n";
  ReplyText text;
  text.Append(absl::string_view(received).substr(0, 16));
  text.Append(absl::string_view(received).substr(16));
  EXPECT_EQ(text.head().data(), received.data());
  EXPECT_EQ(All(text), received);
}

TEST(ReplyTextTest, PiecesOfDifferentBuffersAreJoined) {
  const std::string first = "VALUE k 0 1\r\nx\r\n";
  const std::string second = "END\r\n";
  ReplyText text;
  text.Append(first);
  text.Append(second);
  text.Append(first);
  EXPECT_EQ(All(text), absl::StrCat(first, second, first));
}

TEST(ReplyTextTest, WhatIsKeptOutlivesItsBuffer) {
  std::string received = "STORED\r\n";
  ReplyText text;
  text.Append(received);
  text.Keep();
  received.assign(received.size(), '#');
  EXPECT_EQ(All(text), "STORED\r\n");
}

TEST(ReplyTextTest, WhatComesAfterAKeptPieceIsKeptWithIt) {
  std::string received = "VALUE k 0 1\r\n";
  ReplyText text;
  text.Append(received);
  text.Keep();
  received = "x\r\nEND\r\n";
  text.Append(received);
  text.Keep();
  received.assign(received.size(), '#');
  EXPECT_EQ(All(text), "VALUE k 0 1\r\nx\r\nEND\r\n");
}

TEST(ReplyTextTest, AppendsBehindALongValueDoNotLoseALiteral) {
  for (const bool kept_before : {false, true}) {
    std::string end = "END\r\n";
    ReplyText text;
    text.Own("VALUE k 0 5\r\n");
    text.AppendValue(Value("value"));
    text.Append("\r\n");
    if (kept_before) text.Keep();
    text.Append(end);
    text.Keep();
    end.assign(end.size(), '#');
    EXPECT_EQ(text.head(), "VALUE k 0 5\r\n");
    EXPECT_EQ(text.value().bytes, "value");
    EXPECT_EQ(text.tail(), "\r\nEND\r\n");
    EXPECT_EQ(text.bytes(), 13u + 5 + 7);
  }
}

TEST(ReplyTextTest, AnEmptyValueIsAValue) {
  ReplyText text;
  text.AppendValue(Value(""));
  EXPECT_FALSE(text.empty());
  text.Append("\r\n");
  EXPECT_EQ(text.tail(), "\r\n");
}

TEST(ReplyTextTest, LongTextIsOwnedLikeShortText) {
  for (const std::size_t bytes : {1u, 15u, 16u, 5000u}) {
    ReplyText text;
    text.Own(std::string(bytes, 'x'));
    text.Append("END\r\n");
    EXPECT_EQ(All(text), absl::StrCat(std::string(bytes, 'x'), "END\r\n"));
    text.Clear();
    EXPECT_TRUE(text.empty());
    EXPECT_EQ(All(text), "");
  }
}

TEST(ReplyTextTest, NothingOfAnEarlierReplyIsLeft) {
  ReplyText text;
  text.Own("VALUE k 0 5\r\n");
  text.AppendValue(Value("value"));
  text.Append("\r\n");
  text.Clear();
  EXPECT_EQ(text.value().owner, nullptr);
  text.Set("MN\r\n");
  text.Keep();
  EXPECT_EQ(All(text), "MN\r\n");
  text.Set("EN\r\n");
  EXPECT_EQ(All(text), "EN\r\n");
}

}  // namespace
}  // namespace ringcache::router

#include "router/reply_speller.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/outgoing_value.h"
#include "gtest/gtest.h"
#include "protocol/reply.h"
#include "protocol/request_parser.h"

namespace ringcache::router {
namespace {

using protocol::ReplyKind;

Reply Of(ReplyKind kind, std::string text = "") {
  Reply reply;
  reply.kind = kind;
  reply.text = std::move(text);
  return reply;
}

Reply Value(ReplyKind kind, std::string value, std::string text = "") {
  Reply reply = Of(kind, std::move(text));
  reply.value = client::OutgoingValue::Owned(std::move(value));
  return reply;
}

// What a client that sent `line` is told.
std::string Spelled(const std::string& line, const Reply& reply, bool ends_retrieval = true) {
  const std::string input = absl::StrCat(line, "\r\n");
  protocol::Request request;
  EXPECT_EQ(protocol::ParseRequest(input, &request).status, protocol::ParseStatus::kOk) << line;
  if (request.key.empty()) std::swap(request.key, request.keys);
  ReplyText text;
  text.Own("what was there before");
  SpellReply(request, reply, ends_retrieval, &text);
  return absl::StrCat(text.head(), text.value().bytes, text.tail());
}

TEST(ReplySpellerTest, AValueHasTheClientsKeyAndItsEnd) {
  Reply reply = Value(ReplyKind::kValue, "bytes");
  reply.client_flags = 7;
  EXPECT_EQ(Spelled("get /a/b/k", reply), "VALUE /a/b/k 7 5\r\nbytes\r\nEND\r\n");
  EXPECT_EQ(Spelled("get k", reply, false), "VALUE k 7 5\r\nbytes\r\n");
  reply.has_cas = true;
  reply.cas = 99;
  EXPECT_EQ(Spelled("gets k", reply), "VALUE k 7 5 99\r\nbytes\r\nEND\r\n");
}

TEST(ReplySpellerTest, ValuesOfAnyLength) {
  for (const std::size_t bytes : {0u, 1u, 4095u, 4096u, 4097u, 1u << 20}) {
    const std::string value(bytes, 'v');
    EXPECT_EQ(Spelled("get k", Value(ReplyKind::kValue, value)),
              absl::StrCat("VALUE k 0 ", bytes, "\r\n", value, "\r\nEND\r\n"));
    EXPECT_EQ(Spelled("mg k v", Value(ReplyKind::kMetaValue, value)),
              absl::StrCat("VA ", bytes, "\r\n", value, "\r\n"));
  }
}

TEST(ReplySpellerTest, AMissOfOneKeyOfSeveralIsNothing) {
  EXPECT_EQ(Spelled("get k", Of(ReplyKind::kEnd)), "END\r\n");
  EXPECT_EQ(Spelled("get k", Of(ReplyKind::kEnd), false), "");
}

TEST(ReplySpellerTest, WhatAMemberReturnedIsReturnedInItsOrderButWithTheClientsKey) {
  EXPECT_EQ(Spelled("mg /a/b/k t k Oo f v", Value(ReplyKind::kMetaValue, "x", "t60 kk Oo f7")),
            "VA 1 t60 k/a/b/k Oo f7\r\nx\r\n");
  EXPECT_EQ(Spelled("mg a2V5 b k", Of(ReplyKind::kMetaDone, "ka2V5 b")), "HD ka2V5 b\r\n");
  EXPECT_EQ(Spelled("mg k c", Of(ReplyKind::kMetaDone, "c12 W")), "HD c12 W\r\n");
  EXPECT_EQ(Spelled("ms k 0", Of(ReplyKind::kMetaDone, "")), "HD\r\n");
}

// A route that changes a flag spells them all anew, in an order of its own.
TEST(ReplySpellerTest, FlagsAreReturnedInTheClientsOrder) {
  EXPECT_EQ(Spelled("ms k 1 k Oo c", Of(ReplyKind::kMetaDone, "Oo c7 kk")), "HD kk Oo c7\r\n");
  EXPECT_EQ(Spelled("mg k v Oo f k t", Value(ReplyKind::kMetaValue, "x", "Oo W f0 kk t5 Z")),
            "VA 1 Oo f0 kk t5 W Z\r\nx\r\n");
  EXPECT_EQ(Spelled("md a2V5 b k Oo", Of(ReplyKind::kMetaDone, "Oo ka2V5 b")), "HD ka2V5 b Oo\r\n");
}

TEST(ReplySpellerTest, AReplyThatWasMadeHereReturnsWhatTheClientAskedFor) {
  const std::string line = "ms a2V5 1 Oo b k";
  EXPECT_EQ(Spelled(line, Of(ReplyKind::kMetaNotStored)), "NS Oo ka2V5 b\r\n");
  EXPECT_EQ(Spelled("md k Oo", Of(ReplyKind::kMetaNotFound)), "NF Oo\r\n");
  EXPECT_EQ(Spelled("md k", Of(ReplyKind::kMetaExists)), "EX\r\n");
  EXPECT_EQ(Spelled("mg k k Oo v", Of(ReplyKind::kMetaMiss)), "EN kk Oo\r\n");
  EXPECT_EQ(Spelled("mg k k Oo v", Value(ReplyKind::kMetaValue, "x")), "VA 1 kk Oo\r\nx\r\n");
}

TEST(ReplySpellerTest, EveryKindHasItsWords) {
  Reply number = Of(ReplyKind::kNumber);
  number.number = 18446744073709551615u;
  const std::pair<Reply, std::string> replies[] = {
      {Value(ReplyKind::kValue, "x"), "VALUE k 0 1\r\nx\r\nEND\r\n"},
      {Of(ReplyKind::kEnd), "END\r\n"},
      {Of(ReplyKind::kStored), "STORED\r\n"},
      {Of(ReplyKind::kNotStored), "NOT_STORED\r\n"},
      {Of(ReplyKind::kExists), "EXISTS\r\n"},
      {Of(ReplyKind::kNotFound), "NOT_FOUND\r\n"},
      {Of(ReplyKind::kDeleted), "DELETED\r\n"},
      {Of(ReplyKind::kTouched), "TOUCHED\r\n"},
      {number, "18446744073709551615\r\n"},
      {Of(ReplyKind::kOk), "OK\r\n"},
      {Of(ReplyKind::kReset), "RESET\r\n"},
      {Of(ReplyKind::kVersion, "1.6.21"), "VERSION 1.6.21\r\n"},
      {Of(ReplyKind::kStat, "STAT pid 1"), "STAT pid 1\r\n"},
      {Of(ReplyKind::kConfig, "CONFIG cluster 0 0"), "CONFIG cluster 0 0\r\n"},
      {Value(ReplyKind::kMetaValue, "x"), "VA 1\r\nx\r\n"},
      {Of(ReplyKind::kMetaDone), "HD\r\n"},
      {Of(ReplyKind::kMetaMiss), "EN\r\n"},
      {Of(ReplyKind::kMetaNotFound), "NF\r\n"},
      {Of(ReplyKind::kMetaNotStored), "NS\r\n"},
      {Of(ReplyKind::kMetaExists), "EX\r\n"},
      {Of(ReplyKind::kMetaDebug, "exp=-1 la=0"), "ME k exp=-1 la=0\r\n"},
      {Of(ReplyKind::kMetaNoOp), "MN\r\n"},
      {Of(ReplyKind::kError, "ERROR"), "ERROR\r\n"},
      {Of(ReplyKind::kClientError, "CLIENT_ERROR no"), "CLIENT_ERROR no\r\n"},
      {Of(ReplyKind::kServerError, "SERVER_ERROR no"), "SERVER_ERROR no\r\n"},
      {Of(ReplyKind::kText, "BUSY"), "BUSY\r\n"},
  };
  std::set<ReplyKind> seen;
  for (const auto& [reply, text] : replies) {
    EXPECT_EQ(Spelled("get k", reply), text);
    seen.insert(reply.kind);
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(protocol::kReplyKindCount));
}

}  // namespace
}  // namespace ringcache::router

// Behaviour of ParseReply, kind by kind.

#include "protocol/reply_parser.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "protocol/operation.h"
#include "protocol/reply.h"
#include "protocol/standard_reply.h"

namespace ringcache::protocol {
namespace {

Reply Parse(Operation operation, absl::string_view line) {
  // Kept until the next call: the reply's views point into it.
  static std::string input;
  input = absl::StrCat(line, "\r\nEND\r\n");
  Reply reply;
  const ReplyResult result = ParseReply(input, operation, &reply);
  EXPECT_EQ(result.status, ReplyStatus::kOk) << line;
  EXPECT_EQ(result.consumed, line.size() + 2) << line;
  return reply;
}

void ExpectInvalid(Operation operation, absl::string_view line) {
  const std::string input = absl::StrCat(line, "\r\n");
  Reply reply;
  EXPECT_EQ(ParseReply(input, operation, &reply).status, ReplyStatus::kInvalid) << line;
}

TEST(ReplyParserTest, ValuesCarryTheirHeader) {
  const Reply plain = Parse(Operation::kGet, "VALUE key:1 4294967295 2147483645");
  EXPECT_EQ(plain.kind, ReplyKind::kValue);
  EXPECT_EQ(plain.key, "key:1");
  EXPECT_EQ(plain.client_flags, 4294967295u);
  EXPECT_EQ(plain.value_bytes, 2147483645u);
  EXPECT_FALSE(plain.has_cas);
  const Reply with_cas = Parse(Operation::kGets, "VALUE key:1 0 5 18446744073709551615");
  EXPECT_TRUE(with_cas.has_cas);
  EXPECT_EQ(with_cas.cas, 18446744073709551615u);
}

TEST(ReplyParserTest, BrokenValueHeadersAreInvalid) {
  for (const char* line : {"VALUE", "VALUE a", "VALUE a 0", "VALUE a x 1", "VALUE a 0 -1",
                           "VALUE a 0 2147483646", "VALUE a 0 1 x", "VALUE a 0 1 2 3"}) {
    ExpectInvalid(Operation::kGets, line);
  }
  ExpectInvalid(Operation::kGet, absl::StrCat("VALUE ", std::string(251, 'k'), " 0 1"));
}

TEST(ReplyParserTest, ConfigurationsHaveAHeaderLikeValues) {
  const Reply reply = Parse(Operation::kConfig, "CONFIG cluster 0 147");
  EXPECT_EQ(reply.kind, ReplyKind::kConfig);
  EXPECT_EQ(reply.key, "cluster");
  EXPECT_EQ(reply.value_bytes, 147u);
  EXPECT_TRUE(HasValue(reply.kind));
  EXPECT_FALSE(EndsReplies(Operation::kConfig, ReplyKind::kConfig));
  EXPECT_TRUE(EndsReplies(Operation::kConfig, Parse(Operation::kConfig, "END").kind));
  ExpectInvalid(Operation::kConfig, "CONFIG cluster 0");
  ExpectInvalid(Operation::kConfig, "CONFIG cluster 0 2147483646");
  ExpectInvalid(Operation::kConfig, "VALUE cluster 0 1");
  ExpectInvalid(Operation::kGet, "CONFIG cluster 0 1");
}

TEST(ReplyParserTest, FixedLinesAnswerTheirOperations) {
  EXPECT_EQ(Parse(Operation::kGat, "END").kind, ReplyKind::kEnd);
  EXPECT_EQ(Parse(Operation::kSet, "STORED").kind, ReplyKind::kStored);
  EXPECT_EQ(Parse(Operation::kAdd, "NOT_STORED").kind, ReplyKind::kNotStored);
  EXPECT_EQ(Parse(Operation::kCas, "EXISTS").kind, ReplyKind::kExists);
  EXPECT_EQ(Parse(Operation::kCas, "NOT_FOUND").kind, ReplyKind::kNotFound);
  EXPECT_EQ(Parse(Operation::kDelete, "DELETED").kind, ReplyKind::kDeleted);
  EXPECT_EQ(Parse(Operation::kTouch, "TOUCHED").kind, ReplyKind::kTouched);
  EXPECT_EQ(Parse(Operation::kFlushAll, "OK").kind, ReplyKind::kOk);
  EXPECT_EQ(Parse(Operation::kMetaNoOp, "MN").kind, ReplyKind::kMetaNoOp);
  EXPECT_EQ(Parse(Operation::kStats, "RESET").kind, ReplyKind::kReset);
}

TEST(ReplyParserTest, AReplyToAnotherOperationIsInvalid) {
  ExpectInvalid(Operation::kGet, "STORED");
  ExpectInvalid(Operation::kGet, "HD");
  ExpectInvalid(Operation::kSet, "END");
  ExpectInvalid(Operation::kMetaGet, "VALUE a 0 1");
  ExpectInvalid(Operation::kMetaGet, "MN");
  ExpectInvalid(Operation::kMetaNoOp, "HD");
  ExpectInvalid(Operation::kDelete, "TOUCHED");
  ExpectInvalid(Operation::kGet, "5");
  ExpectInvalid(Operation::kGet, "");
  ExpectInvalid(Operation::kGet, "garbage");
  ExpectInvalid(Operation::kSet, "STORED twice");
}

TEST(ReplyParserTest, NumbersMayBePadded) {
  EXPECT_EQ(Parse(Operation::kIncrement, "18446744073709551615").number, 18446744073709551615u);
  EXPECT_EQ(Parse(Operation::kDecrement, "5  ").number, 5u);
  ExpectInvalid(Operation::kIncrement, "5x");
  ExpectInvalid(Operation::kIncrement, "5 5");
  ExpectInvalid(Operation::kIncrement, "18446744073709551616");
}

TEST(ReplyParserTest, ErrorsAnswerEveryOperation) {
  for (int i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    EXPECT_EQ(Parse(operation, "ERROR").kind, ReplyKind::kError);
    EXPECT_EQ(Parse(operation, "CLIENT_ERROR bad data chunk").kind, ReplyKind::kClientError);
    EXPECT_EQ(Parse(operation, "SERVER_ERROR out of memory").text, "SERVER_ERROR out of memory");
    EXPECT_EQ(Parse(operation, "SERVER_ERROR: shutdown not enabled").kind, ReplyKind::kServerError);
  }
}

TEST(ReplyParserTest, StandardTextsHaveTheirKinds) {
  for (const StandardReplyRow& row : kStandardReplies) {
    bool accepted = false;
    for (int i = 0; i < kOperationCount; ++i) {
      Reply reply;
      const ReplyResult result = ParseReply(row.text, static_cast<Operation>(i), &reply);
      if (result.status == ReplyStatus::kOk && reply.kind == row.kind) accepted = true;
    }
    EXPECT_TRUE(accepted) << row.text;
  }
}

TEST(ReplyParserTest, MetaRepliesCarryTheirFlags) {
  const Reply reply =
      Parse(Operation::kMetaGet, "VA 5 s5 t-1 f7 c18446744073709551615 kYQ== b h1 l9 O12 W X Z");
  EXPECT_EQ(reply.kind, ReplyKind::kMetaValue);
  EXPECT_EQ(reply.value_bytes, 5u);
  EXPECT_EQ(reply.key, "YQ==");
  EXPECT_TRUE(reply.key_is_base64);
  EXPECT_EQ(reply.meta.item_bytes, 5u);
  EXPECT_EQ(reply.meta.ttl_s, -1);
  EXPECT_EQ(reply.meta.client_flags, 7u);
  EXPECT_EQ(reply.meta.cas, 18446744073709551615u);
  EXPECT_TRUE(reply.meta.hit_before);
  EXPECT_EQ(reply.meta.last_access_s, 9u);
  EXPECT_EQ(reply.meta.opaque, "12");
  for (const char letter : {'W', 'X', 'Z'}) EXPECT_TRUE(reply.meta.has.Has(letter));
}

TEST(ReplyParserTest, MetaRepliesWithoutFlagsAreClean) {
  Reply reply;
  ASSERT_EQ(ParseReply("HD c5 kx b O1\r\n", Operation::kMetaSet, &reply).status, ReplyStatus::kOk);
  ASSERT_EQ(ParseReply("HD\r\n", Operation::kMetaSet, &reply).status, ReplyStatus::kOk);
  EXPECT_TRUE(reply.meta.has.empty());
  EXPECT_TRUE(reply.key.empty());
  EXPECT_FALSE(reply.key_is_base64);
  EXPECT_EQ(Parse(Operation::kMetaGet, "EN kx").key, "x");
  EXPECT_EQ(Parse(Operation::kMetaDelete, "NF").kind, ReplyKind::kMetaNotFound);
  EXPECT_EQ(Parse(Operation::kMetaSet, "NS").kind, ReplyKind::kMetaNotStored);
  EXPECT_EQ(Parse(Operation::kMetaSet, "EX c0").meta.cas, 0u);
}

TEST(ReplyParserTest, BrokenMetaRepliesAreInvalid) {
  for (const char* line : {"VA", "VA x", "VA -1", "HD cx", "HD tx", "HD f-1", "HD h2", "HD k",
                           "HD 5", "HD !", "VA 2147483646"}) {
    ExpectInvalid(Operation::kMetaGet, line);
  }
  ExpectInvalid(Operation::kMetaGet, absl::StrCat("HD O", std::string(33, 'o')));
}

TEST(ReplyParserTest, DebugAndStatsSplitNameAndText) {
  const Reply debug = Parse(Operation::kMetaDebug, "ME a exp=-1 la=0 cas=29");
  EXPECT_EQ(debug.key, "a");
  EXPECT_EQ(debug.text, "exp=-1 la=0 cas=29");
  const Reply stat = Parse(Operation::kStats, "STAT version 1.6.45");
  EXPECT_EQ(stat.key, "version");
  EXPECT_EQ(stat.text, "1.6.45");
  EXPECT_EQ(Parse(Operation::kStats, "STAT empty ").text, "");
  EXPECT_EQ(Parse(Operation::kVersion, "VERSION 1.6.45").text, "1.6.45");
}

TEST(ReplyParserTest, ServerCommandsAnswerInFreeLines) {
  EXPECT_EQ(Parse(Operation::kLruCrawler, "key=a exp=-1").text, "key=a exp=-1");
  EXPECT_EQ(Parse(Operation::kLruCrawler, "EN").kind, ReplyKind::kMetaMiss);
  EXPECT_EQ(Parse(Operation::kSlabs, "NOSPARE source class has no spare pages").kind,
            ReplyKind::kText);
  EXPECT_EQ(Parse(Operation::kWatch, "VALUE of something").kind, ReplyKind::kText);
}

TEST(ReplyParserTest, LinesHaveALimit) {
  Reply reply;
  const std::string shorter(kMaxReplyLineBytes - 1, 'x');
  EXPECT_EQ(ParseReply(shorter, Operation::kWatch, &reply).status, ReplyStatus::kNeedMore);
  EXPECT_EQ(ParseReply(shorter + "\n", Operation::kWatch, &reply).status, ReplyStatus::kOk);
  EXPECT_EQ(ParseReply(shorter + "x", Operation::kWatch, &reply).status, ReplyStatus::kInvalid);
}

TEST(ReplyParserTest, RetrievalEndsWithEnd) {
  EXPECT_FALSE(EndsReplies(Operation::kGet, ReplyKind::kValue));
  EXPECT_TRUE(EndsReplies(Operation::kGet, ReplyKind::kEnd));
  EXPECT_FALSE(EndsReplies(Operation::kStats, ReplyKind::kStat));
  EXPECT_TRUE(EndsReplies(Operation::kStats, ReplyKind::kReset));
  EXPECT_TRUE(EndsReplies(Operation::kMetaGet, ReplyKind::kMetaValue));
  EXPECT_FALSE(EndsReplies(Operation::kWatch, ReplyKind::kText));
}

}  // namespace
}  // namespace ringcache::protocol

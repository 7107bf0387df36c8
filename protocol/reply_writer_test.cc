// What the reply writers write, its size, and that ParseReply reads it back.

#include "protocol/reply_writer.h"

#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "protocol/base64_key.h"
#include "protocol/operation.h"
#include "protocol/parse_result.h"
#include "protocol/reply.h"
#include "protocol/reply_parser.h"
#include "protocol/request.h"
#include "protocol/request_parser.h"
#include "protocol/standard_reply.h"

namespace ringcache::protocol {
namespace {

constexpr std::uint32_t kMax32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kMax64 = std::numeric_limits<std::uint64_t>::max();

class ReplyWriterTest : public testing::Test {
 protected:
  absl::string_view Until(const char* end) {
    return absl::string_view(out_, static_cast<std::size_t>(end - out_));
  }

  // The request that `line` asks for; valid until the next call.
  const Request& Asked(absl::string_view line) {
    line_ = absl::StrCat(line, "\r\n");
    EXPECT_EQ(ParseRequest(line_, &request_).status, ParseStatus::kOk) << line;
    return request_;
  }

  char out_[2048];

 private:
  std::string line_;
  Request request_;
};

TEST_F(ReplyWriterTest, ValueHeaders) {
  EXPECT_EQ(Until(WriteValueHeader(out_, "key:1", 0, 5)), "VALUE key:1 0 5\r\n");
  EXPECT_EQ(Until(WriteValueHeader(out_, "key:1", 7, 10, 99)), "VALUE key:1 7 10 99\r\n");
  const std::string longest(kMaxKeyBytes, 'k');
  EXPECT_EQ(Until(WriteValueHeader(out_, longest, kMax32, kMax32, kMax64)).size(),
            kMaxValueHeaderBytes);
}

TEST_F(ReplyWriterTest, ConfigurationHeaders) {
  const absl::string_view line = Until(WriteConfigHeader(out_, "cluster", 147));
  EXPECT_EQ(line, "CONFIG cluster 0 147\r\n");
  Reply reply;
  EXPECT_EQ(ParseReply(line, Operation::kConfig, &reply).consumed, line.size());
  EXPECT_EQ(reply.value_bytes, 147u);
  const std::string longest(kMaxKeyBytes, 'k');
  EXPECT_LE(Until(WriteConfigHeader(out_, longest, kMax32)).size(), kMaxValueHeaderBytes);
}

TEST_F(ReplyWriterTest, NumbersStatsAndFixedLines) {
  EXPECT_EQ(Until(WriteNumberReply(out_, kMax64)).size(), kMaxNumberReplyBytes);
  EXPECT_EQ(Until(WriteNumberReply(out_, 0)), "0\r\n");
  EXPECT_EQ(Until(WriteStat(out_, "pid", "5")), "STAT pid 5\r\n");
  EXPECT_EQ(Until(WriteReply(out_, StandardReply::kNotStored)), "NOT_STORED\r\n");
}

TEST_F(ReplyWriterTest, MetaHitsReturnFlagsOneByOne) {
  char* out = WriteMetaValue(out_, 5);
  out = WriteReturnFlag(out, 't', std::int64_t{-1});
  out = WriteReturnFlag(out, 'f', std::uint32_t{7});
  out = WriteReturnFlag(out, 'c', std::uint64_t{9});
  out = WriteReturnFlag(out, 'h', 1);
  out = WriteReturnFlag(out, 'W');
  EXPECT_EQ(Until(WriteNewline(out)), "VA 5 t-1 f7 c9 h1 W\r\n");
}

TEST_F(ReplyWriterTest, OpaqueAndKeyComeBackInTheOrderAsked) {
  EXPECT_EQ(Until(WriteMetaReply(out_, ReplyKind::kMetaMiss, Asked("mg a v k O12"))),
            "EN ka O12\r\n");
  EXPECT_EQ(Until(WriteMetaReply(out_, ReplyKind::kMetaDone, Asked("md a O12 q k"))),
            "HD O12 ka\r\n");
  EXPECT_EQ(Until(WriteMetaReply(out_, ReplyKind::kMetaDone, Asked("ms YQ== 1 b k c"))),
            "HD kYQ== b\r\n");
  EXPECT_EQ(Until(WriteMetaReply(out_, ReplyKind::kMetaNotFound, Asked("md YQ== b"))), "NF\r\n");
  EXPECT_EQ(Until(WriteMetaReply(out_, ReplyKind::kMetaNotStored, Asked("ms a 1 O"))), "NS O\r\n");
  EXPECT_EQ(Until(WriteMetaReply(out_, ReplyKind::kMetaExists, Asked("ma a"))), "EX\r\n");
}

TEST_F(ReplyWriterTest, TheLongestMetaReplyFits) {
  const std::string key(kMaxKeyBytes, '\xff');
  std::string text(Base64Bytes(key.size()), '\0');
  WriteBase64(text.data(), key);
  const Request& request =
      Asked(absl::StrCat("mg ", text, " b k O", std::string(kMaxOpaqueBytes, 'o')));
  char* out = WriteReturnedIdentity(WriteMetaValue(out_, kMax32), request);
  for (const char letter : {'c', 'f', 'h', 'l', 's', 't'})
    out = WriteReturnFlag(out, letter, kMax64);
  for (const char letter : {'W', 'X', 'Z'}) out = WriteReturnFlag(out, letter);
  EXPECT_EQ(Until(WriteNewline(out)).size(), kMaxMetaHeaderBytes);
}

TEST_F(ReplyWriterTest, DebugLines) {
  EXPECT_EQ(Until(WriteDebugReply(out_, Asked("me a"), {-1, 0, 29, false, 1, 61})),
            "ME a exp=-1 la=0 cas=29 fetch=no cls=1 size=61\r\n");
  const std::string key(kMaxKeyBytes, '\xff');
  std::string text(Base64Bytes(key.size()), '\0');
  WriteBase64(text.data(), key);
  const ItemDebugInfo largest = {
      std::numeric_limits<std::int64_t>::min(), kMax64, kMax64, true, kMax32, kMax64};
  EXPECT_LE(Until(WriteDebugReply(out_, Asked(absl::StrCat("me ", text, " b")), largest)).size(),
            kMaxDebugReplyBytes);
}

TEST_F(ReplyWriterTest, RepliesSurviveTheRoundTrip) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 5000; ++i) {
    const std::string key(1 + random() % kMaxKeyBytes, static_cast<char>('a' + random() % 26));
    const auto client_flags = static_cast<std::uint32_t>(random());
    const auto value_bytes = static_cast<std::uint32_t>(random() % kMaxValueBytes);
    const std::uint64_t cas = random() >> (random() % 64);
    Reply reply;
    absl::string_view line = Until(WriteValueHeader(out_, key, client_flags, value_bytes, cas));
    ASSERT_EQ(ParseReply(line, Operation::kGets, &reply).consumed, line.size());
    EXPECT_EQ(reply.key, key);
    EXPECT_EQ(reply.client_flags, client_flags);
    EXPECT_EQ(reply.value_bytes, value_bytes);
    EXPECT_EQ(reply.cas, cas);

    const auto ttl_s = static_cast<std::int64_t>(random());
    char* out = WriteReturnFlag(WriteMetaValue(out_, value_bytes), 't', ttl_s);
    line = Until(WriteNewline(WriteReturnFlag(out, 's', cas)));
    ASSERT_EQ(ParseReply(line, Operation::kMetaGet, &reply).status, ReplyStatus::kOk) << line;
    EXPECT_EQ(reply.meta.ttl_s, ttl_s);
    EXPECT_EQ(reply.meta.item_bytes, cas);
  }
}

}  // namespace
}  // namespace ringcache::protocol

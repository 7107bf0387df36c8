#include "protocol/standard_reply.h"

#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "protocol/operation.h"

namespace ringcache::protocol {
namespace {

TEST(StandardReplyTest, TextsAreLinesAndDistinct) {
  std::set<std::string> seen;
  for (const StandardReplyRow& row : kStandardReplies) {
    EXPECT_TRUE(absl::EndsWith(row.text, "\r\n")) << row.text;
    EXPECT_EQ(row.text.find('\r'), row.text.size() - 2) << row.text;
    EXPECT_TRUE(seen.emplace(row.text).second) << row.text;
  }
}

TEST(StandardReplyTest, ErrorsBeginWithTheirKind) {
  for (const StandardReplyRow& row : kStandardReplies) {
    EXPECT_EQ(row.kind == ReplyKind::kError, absl::StartsWith(row.text, "ERROR")) << row.text;
    EXPECT_EQ(row.kind == ReplyKind::kClientError, absl::StartsWith(row.text, "CLIENT_ERROR "))
        << row.text;
    EXPECT_EQ(row.kind == ReplyKind::kServerError, absl::StartsWith(row.text, "SERVER_ERROR"))
        << row.text;
  }
}

TEST(StandardReplyTest, TextsThatClientsCompareAreExact) {
  EXPECT_EQ(ReplyText(StandardReply::kStored), "STORED\r\n");
  EXPECT_EQ(ReplyText(StandardReply::kError), "ERROR\r\n");
  EXPECT_EQ(ReplyText(StandardReply::kTooLarge), "SERVER_ERROR object too large for cache\r\n");
  EXPECT_EQ(ReplyText(StandardReply::kOutOfMemory),
            "SERVER_ERROR out of memory storing object\r\n");
  EXPECT_EQ(ReplyText(StandardReply::kBadDataChunk), "CLIENT_ERROR bad data chunk\r\n");
  EXPECT_EQ(KindOf(StandardReply::kTooManyConnections), ReplyKind::kError);
}

TEST(StandardReplyTest, MetaQuietHidesOnlyTheExpectedReply) {
  EXPECT_TRUE(QuietHides(Operation::kMetaGet, ReplyKind::kMetaMiss));
  EXPECT_FALSE(QuietHides(Operation::kMetaGet, ReplyKind::kMetaDone));
  EXPECT_FALSE(QuietHides(Operation::kMetaGet, ReplyKind::kMetaValue));
  EXPECT_TRUE(QuietHides(Operation::kMetaSet, ReplyKind::kMetaDone));
  EXPECT_FALSE(QuietHides(Operation::kMetaSet, ReplyKind::kMetaNotStored));
  EXPECT_TRUE(QuietHides(Operation::kMetaDelete, ReplyKind::kMetaDone));
  EXPECT_FALSE(QuietHides(Operation::kMetaDelete, ReplyKind::kMetaNotFound));
  EXPECT_TRUE(QuietHides(Operation::kMetaArithmetic, ReplyKind::kMetaValue));
  for (const Operation operation : {Operation::kMetaGet, Operation::kMetaSet,
                                    Operation::kMetaDelete, Operation::kMetaArithmetic}) {
    EXPECT_FALSE(QuietHides(operation, ReplyKind::kClientError));
    EXPECT_FALSE(QuietHides(operation, ReplyKind::kServerError));
    EXPECT_FALSE(QuietHides(operation, ReplyKind::kMetaExists));
  }
}

TEST(StandardReplyTest, NoreplyHidesErrorsToo) {
  EXPECT_TRUE(QuietHides(Operation::kSet, ReplyKind::kServerError));
  EXPECT_TRUE(QuietHides(Operation::kIncrement, ReplyKind::kClientError));
  EXPECT_FALSE(QuietHides(Operation::kGet, ReplyKind::kEnd));
}

}  // namespace
}  // namespace ringcache::protocol

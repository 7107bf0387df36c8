#include "tools/floor/floor_options.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tools/floor/canned_replies.h"

namespace ringcache::floor {
namespace {

absl::StatusOr<Exchange> Made(std::vector<const char*> arguments) {
  const auto options = ReadFloorOptions(arguments);
  if (!options.ok()) return options.status();
  return MakeExchange(*options);
}

TEST(FloorOptionsTest, RepliesLookLikeTheirRequestsOnes) {
  const auto get = Made({"--reply=get", "--key-bytes", "3", "--value-bytes=2"}).value();
  EXPECT_EQ(get.reply, "VALUE kkk 0 2\r\nvv\r\nEND\r\n");
  EXPECT_EQ(get.request_bytes, std::string("get kkk\r\n").size());
  const auto set = Made({"--reply=set", "--key-bytes=3", "--value-bytes=2"}).value();
  EXPECT_EQ(set.reply, "STORED\r\n");
  EXPECT_EQ(set.request_bytes, std::string("set kkk 0 0 2\r\nvv\r\n").size());
  const auto two = Made({"--reply=multiget=2", "--key-bytes=1", "--value-bytes=1"}).value();
  EXPECT_EQ(two.reply, "VALUE k 0 1\r\nv\r\nVALUE k 0 1\r\nv\r\nEND\r\n");
  EXPECT_EQ(two.request_bytes, std::string("get k k\r\n").size());
  const auto meta = Made({"--reply=mg", "--key-bytes=1", "--value-bytes=1"}).value();
  EXPECT_EQ(meta.reply, "VA 1\r\nv\r\n");
  EXPECT_EQ(meta.request_bytes, std::string("mg k v\r\n").size());
}

TEST(FloorOptionsTest, SizesMayBeGiven) {
  const auto exchange = Made({"--reply-bytes=7", "--request-bytes=9"}).value();
  EXPECT_EQ(exchange.reply.size(), 7u);
  EXPECT_EQ(exchange.request_bytes, 9u);
}

TEST(FloorOptionsTest, WhatIsNoFlagIsNamed) {
  for (const char* wrong : {"--nonsense=1", "listen", "--threads=0", "--threads=x", "--threads",
                            "--reply=delete", "--reply=multiget=0"}) {
    EXPECT_FALSE(Made({wrong}).ok()) << wrong;
  }
}

TEST(CannedRepliesTest, AsManyAsAreOwedWhateverTheFragments) {
  ReplyDebt debt;
  EXPECT_EQ(debt.Add(5, 10), 0u);
  EXPECT_EQ(debt.Add(5, 10), 1u);
  EXPECT_EQ(debt.Add(34, 10), 3u);
  EXPECT_EQ(debt.Add(6, 10), 1u);
}

TEST(CannedRepliesTest, OneWakeUpsRepliesFitIntoTheSpans) {
  const CannedReplies replies(std::string(40'000, 'r'), 10, 64 * 1024);
  CannedReplies::Spans spans;
  std::size_t bytes = 0;
  for (const iovec& span : replies.Take(6554, &spans)) bytes += span.iov_len;
  EXPECT_EQ(bytes, 6554u * 40'000);
}

}  // namespace
}  // namespace ringcache::floor

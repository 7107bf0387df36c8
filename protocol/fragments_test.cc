// Input in pieces: a parser that has seen part of a line asks for more, never guesses, and reads no
// byte past what it was given (AddressSanitizer watches: each piece is a block of exactly its
// size).

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "protocol/command_samples.h"
#include "protocol/operation.h"
#include "protocol/parse_result.h"
#include "protocol/reply.h"
#include "protocol/reply_parser.h"
#include "protocol/request.h"
#include "protocol/request_parser.h"

namespace ringcache::protocol {
namespace {

// A copy of some bytes in a block of exactly their size.
class Block {
 public:
  explicit Block(absl::string_view bytes) : data_(new char[bytes.size()]), size_(bytes.size()) {
    std::memcpy(data_.get(), bytes.data(), size_);
  }
  absl::string_view view() const { return absl::string_view(data_.get(), size_); }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t size_;
};

const std::size_t kFragmentSizes[] = {1, 2, 5, 10, 100, 1000000};

// What a stream of lines turns into, one word per line.
std::vector<std::string> ParseInFragments(absl::string_view stream, std::size_t fragment_bytes) {
  std::vector<std::string> events;
  std::string buffer;
  while (!stream.empty()) {
    const std::size_t size = std::min(fragment_bytes, stream.size());
    absl::StrAppend(&buffer, stream.substr(0, size));
    stream.remove_prefix(size);
    for (;;) {
      const Block block(buffer);
      Request request;
      const ParseResult result = ParseRequest(block.view(), &request);
      if (result.status == ParseStatus::kNeedMore) break;
      if (result.status == ParseStatus::kOk) {
        events.push_back(absl::StrCat("ok ", static_cast<int>(request.operation), " ", request.key,
                                      " ", request.quiet));
      } else {
        events.push_back(absl::StrCat("refused ", ErrorText(result.error), result.discard_bytes));
      }
      if (result.status == ParseStatus::kClose) return events;
      buffer.erase(0, result.consumed);
    }
  }
  EXPECT_TRUE(buffer.empty());
  return events;
}

TEST(FragmentsTest, RequestsDoNotDependOnFragmentSize) {
  std::string stream;
  for (const CommandSample& sample : kCommandSamples) absl::StrAppend(&stream, sample.line, "\r\n");
  absl::StrAppend(&stream, "set a x 0 5\r\nmg a v v\r\nfoo\r\n\n");
  for (int i = 0; i < 300; ++i) absl::StrAppend(&stream, i == 0 ? "get" : "", " some:key:", i);
  absl::StrAppend(&stream, "\r\nGET / HTTP/1.1\r\n");
  const std::vector<std::string> whole = ParseInFragments(stream, stream.size());
  EXPECT_EQ(whole.size(), std::size(kCommandSamples) + 6);
  for (const std::size_t size : kFragmentSizes) {
    EXPECT_EQ(ParseInFragments(stream, size), whole) << size;
  }
}

TEST(FragmentsTest, EveryPrefixOfARequestNeedsMore) {
  for (const CommandSample& sample : kCommandSamples) {
    const std::string line = absl::StrCat(sample.line, "\r\n");
    for (std::size_t size = 0; size < line.size(); ++size) {
      const Block block(absl::string_view(line).substr(0, size));
      Request request;
      EXPECT_EQ(ParseRequest(block.view(), &request).status, ParseStatus::kNeedMore)
          << sample.line << " cut at " << size;
    }
    const Block block(line);
    Request request;
    EXPECT_EQ(ParseRequest(block.view(), &request).status, ParseStatus::kOk) << sample.line;
  }
}

TEST(FragmentsTest, EveryPrefixOfAReplyNeedsMore) {
  const struct {
    Operation operation;
    const char* line;
  } kReplies[] = {
      {Operation::kGet, "VALUE key:1 4294967295 5\r\n"},
      {Operation::kGets, "VALUE key:1 0 5 18446744073709551615\r\n"},
      {Operation::kGet, "END\r\n"},
      {Operation::kSet, "STORED\r\n"},
      {Operation::kCas, "EXISTS\r\n"},
      {Operation::kDelete, "NOT_FOUND\r\n"},
      {Operation::kIncrement, "18446744073709551615\r\n"},
      {Operation::kMetaGet, "VA 5 t-1 f0 c5 kYQ== b O1 W X\r\n"},
      {Operation::kMetaSet, "HD\r\n"},
      {Operation::kMetaDebug, "ME a exp=-1 la=0 cas=29 fetch=no cls=1 size=61\r\n"},
      {Operation::kStats, "STAT pid 5\r\n"},
      {Operation::kVersion, "VERSION 1.6.45\r\n"},
      {Operation::kConfig, "CONFIG cluster 0 147\r\n"},
      {Operation::kGet, "SERVER_ERROR out of memory\r\n"},
  };
  for (const auto& sample : kReplies) {
    const absl::string_view line = sample.line;
    for (std::size_t size = 0; size <= line.size(); ++size) {
      const Block block(line.substr(0, size));
      Reply reply;
      const ReplyResult result = ParseReply(block.view(), sample.operation, &reply);
      EXPECT_EQ(result.status, size < line.size() ? ReplyStatus::kNeedMore : ReplyStatus::kOk)
          << line << " cut at " << size;
    }
  }
}

}  // namespace
}  // namespace ringcache::protocol

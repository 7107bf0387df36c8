#include "client/reply_reader.h"

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::client {
namespace {

using protocol::Operation;
using testing::ElementsAre;

constexpr std::uint32_t kMaxValueBytes = 1 << 22;

class ReplyReaderTest : public testing::Test {
 protected:
  // Gives `text` to the reader in pieces of `piece_bytes` and takes each reply to one get after the
  // other. Stops at the first that is none.
  std::vector<std::string> Read(absl::string_view text, std::size_t piece_bytes) {
    return Read(text, piece_bytes, &reader_);
  }
  std::vector<std::string> Read(absl::string_view text, std::size_t piece_bytes,
                                ReplyReader* reader) {
    std::vector<std::string> lines;
    std::string parts;
    protocol::Reply reply;
    ReceivedValue value;
    while (!text.empty()) {
      const absl::Span<char> room = reader->Lend();
      EXPECT_FALSE(room.empty());
      const std::size_t bytes = std::min({piece_bytes, room.size(), text.size()});
      std::memcpy(room.data(), text.data(), bytes);
      text.remove_prefix(bytes);
      reader->Received(bytes);
      ReadStatus status;
      while ((status = reader->Next(Operation::kGet, &reply, &value)) < ReadStatus::kNeedMore) {
        if (status == ReadStatus::kLongValue) lines.push_back(std::string(value.wire));
        if (status == ReadStatus::kPart) absl::StrAppend(&parts, value.bytes);
        if (status != ReadStatus::kReply) continue;
        std::string line = reply.kind == protocol::ReplyKind::kValue
                               ? absl::StrCat(reply.key, "=", value.bytes)
                               : std::string("END");
        if (value.in_parts) absl::StrAppend(&line, std::exchange(parts, {}));
        if (value.owned != nullptr) {
          EXPECT_EQ(value.Take().size(), reply.value_bytes);
          ++long_values_;
        }
        lines.push_back(std::move(line));
      }
      reader->ReleaseIfEmpty();
      if (status == ReadStatus::kInvalid) {
        lines.push_back("invalid");
        return lines;
      }
    }
    return lines;
  }

  net::BufferPool buffers_{{.buffer_bytes = 8192, .max_free = 1}};
  ReplyReader reader_{&buffers_, {kMaxValueBytes}};
  int long_values_ = 0;
};

std::string Value(absl::string_view key, absl::string_view value) {
  return absl::StrCat("VALUE ", key, " 0 ", value.size(), "\r\n", value, "\r\n");
}

TEST_F(ReplyReaderTest, RepliesAreTheSameAtEveryFragmentSize) {
  // Around the buffer's size, and far beyond it.
  std::string text;
  std::vector<std::string> expected;
  for (const std::size_t bytes : {0u, 1u, 100u, 8100u, 8150u, 8170u, 8192u, 8200u, 100'000u}) {
    const std::string value(bytes, 'v');
    absl::StrAppend(&text, Value("key", value), "END\r\n");
    expected.push_back(absl::StrCat("key=", value));
    expected.push_back("END");
  }
  for (const std::size_t piece_bytes : {std::size_t{1}, std::size_t{2}, std::size_t{5},
                                        std::size_t{10}, std::size_t{100}, text.size()}) {
    EXPECT_TRUE(Read(text, piece_bytes) == expected) << piece_bytes;
    EXPECT_FALSE(reader_.HasBytes());
    EXPECT_EQ(buffers_.buffers_in_use(), 0);
  }
  EXPECT_GE(long_values_, 6 * 3);
}

TEST_F(ReplyReaderTest, ValuesPastABoundAreGivenInPartsAtEveryFragmentSize) {
  ReplyReader reader(&buffers_, {kMaxValueBytes, /*max_held_value_bytes=*/20'000});
  std::string text;
  std::vector<std::string> expected;
  // What fits the buffer is whole, what is held is whole, and what is longer is not.
  for (const std::size_t bytes : {100u, 20'000u, 20'001u, 100'000u, 3u}) {
    std::string value(bytes, 'v');
    value.back() = '\r';
    absl::StrAppend(&text, Value("key", value), "END\r\n");
    if (bytes > 20'000) expected.push_back(absl::StrCat("VALUE key 0 ", bytes, "\r\n"));
    expected.push_back(absl::StrCat("key=", value));
    expected.push_back("END");
  }
  for (const std::size_t piece_bytes :
       {std::size_t{1}, std::size_t{2}, std::size_t{5}, std::size_t{4096}, text.size()}) {
    EXPECT_TRUE(Read(text, piece_bytes, &reader) == expected) << piece_bytes;
    EXPECT_FALSE(reader.HasBytes());
    EXPECT_FALSE(reader.in_parts());
    EXPECT_EQ(buffers_.buffers_in_use(), 0);
  }
  EXPECT_EQ(long_values_, 5);
}

TEST_F(ReplyReaderTest, PartsWithoutTheirNewlineAreInvalid) {
  ReplyReader reader(&buffers_, {kMaxValueBytes, /*max_held_value_bytes=*/0});
  std::string large = Value("a", std::string(10'000, 'v'));
  large[large.size() - 2] = 'x';
  EXPECT_THAT(Read(large, 1000, &reader), ElementsAre("VALUE a 0 10000\r\n", "invalid"));
  reader.Reset();
  EXPECT_THAT(Read("END\r\n", 100, &reader), ElementsAre("END"));
}

TEST_F(ReplyReaderTest, AValueWithoutItsNewlineIsInvalid) {
  EXPECT_THAT(Read("VALUE a 0 2\r\nabcd\r\n", 1), ElementsAre("invalid"));
  reader_.Reset();
  std::string large = Value("a", std::string(10'000, 'v'));
  large[large.size() - 2] = 'x';
  EXPECT_THAT(Read(large, 1000), ElementsAre("invalid"));
}

TEST_F(ReplyReaderTest, ALengthAboveTheBoundIsInvalid) {
  EXPECT_THAT(Read(absl::StrCat("VALUE a 0 ", kMaxValueBytes + 1, "\r\n"), 100),
              ElementsAre("invalid"));
}

TEST_F(ReplyReaderTest, AnAnnouncedLengthAloneTakesLittleMemory) {
  Read(absl::StrCat("VALUE a 0 ", kMaxValueBytes, "\r\n"), 100);
  EXPECT_LE(reader_.Lend().size(), std::size_t{1} << 20);
  EXPECT_TRUE(reader_.HasBytes());
  EXPECT_EQ(reader_.Front().substr(0, 7), "VALUE a");
}

TEST_F(ReplyReaderTest, AfterAResetNothingIsLeft) {
  Read("VALUE a 0 100000\r\nabc", 100);
  reader_.Reset();
  EXPECT_FALSE(reader_.HasBytes());
  EXPECT_THAT(Read("END\r\n", 100), ElementsAre("END"));
}

}  // namespace
}  // namespace ringcache::client

#include "client/reply_reader.h"

#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::client {
namespace {

using protocol::Operation;
using protocol::ReplyStatus;
using testing::ElementsAre;

constexpr std::uint32_t kMaxValueBytes = 1 << 22;

class ReplyReaderTest : public testing::Test {
 protected:
  // Gives `text` to the reader in pieces of `piece_bytes` and takes each reply to one get after the
  // other. Stops at the first that is none.
  std::vector<std::string> Read(absl::string_view text, std::size_t piece_bytes) {
    std::vector<std::string> lines;
    protocol::Reply reply;
    ReceivedValue value;
    while (!text.empty()) {
      const absl::Span<char> room = reader_.Lend();
      EXPECT_FALSE(room.empty());
      const std::size_t bytes = std::min({piece_bytes, room.size(), text.size()});
      std::memcpy(room.data(), text.data(), bytes);
      text.remove_prefix(bytes);
      reader_.Received(bytes);
      ReplyStatus status;
      while ((status = reader_.Next(Operation::kGet, &reply, &value)) == ReplyStatus::kOk) {
        std::string line = reply.kind == protocol::ReplyKind::kValue
                               ? absl::StrCat(reply.key, "=", value.bytes)
                               : std::string("END");
        if (value.owned != nullptr) {
          EXPECT_EQ(value.Take().size(), reply.value_bytes);
          ++long_values_;
        }
        lines.push_back(std::move(line));
      }
      reader_.ReleaseIfEmpty();
      if (status == ReplyStatus::kInvalid) {
        lines.push_back("invalid");
        return lines;
      }
    }
    return lines;
  }

  net::BufferPool buffers_{{.buffer_bytes = 8192, .max_free = 1}};
  ReplyReader reader_{&buffers_, kMaxValueBytes};
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

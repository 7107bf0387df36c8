#include "router/output_buffer.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "client/outgoing_value.h"
#include "gtest/gtest.h"
#include "net/buffer_pool.h"
#include "net/connection.h"
#include "router/reply_text.h"

namespace ringcache::router {
namespace {

std::string Text(std::size_t bytes, char first = 'a') {
  std::string text(bytes, first);
  for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>(first + i % 23);
  return text;
}

class OutputBufferTest : public testing::Test {
 protected:
  // A reply of a retrieval whose value is sent from where it lies.
  void AppendFound(std::string value, std::string* all) {
    ReplyText reply;
    reply.Own(absl::StrCat("VALUE k 0 ", value.size(), "\r\n"));
    absl::StrAppend(all, reply.head(), value, "\r\nEND\r\n");
    reply.AppendValue(client::OutgoingValue::Owned(std::move(value)));
    reply.Append("\r\nEND\r\n");
    output_.Append(reply);
  }

  struct Sent {
    std::string bytes;
    std::size_t turns = 0;
    std::size_t most_spans = 0;
  };
  Sent Send() {
    Sent sent;
    do {
      const absl::Span<const iovec> spans = output_.Spans();
      ++sent.turns;
      sent.most_spans = std::max(sent.most_spans, spans.size());
      for (const iovec& span : spans) {
        sent.bytes.append(static_cast<const char*>(span.iov_base), span.iov_len);
      }
    } while (output_.Advance());
    return sent;
  }

  static constexpr std::size_t kChunkBytes = 100;
  net::BufferPool buffers_{{.buffer_bytes = kChunkBytes, .max_free = 4}};
  OutputBuffer output_{&buffers_};
};

TEST_F(OutputBufferTest, IsEmptyAtFirstAndOwnsNoBuffer) {
  EXPECT_TRUE(output_.empty());
  EXPECT_FALSE(output_.full());
  EXPECT_EQ(buffers_.buffers_in_use(), 0u);
  EXPECT_EQ(Send().bytes, "");
}

TEST_F(OutputBufferTest, ShortTextsLeaveAsOne) {
  output_.Append("STORED\r\n");
  output_.Append("END\r\n");
  const Sent sent = Send();
  EXPECT_EQ(sent.bytes, "STORED\r\nEND\r\n");
  EXPECT_EQ(sent.most_spans, 1u);
  EXPECT_EQ(output_.bytes(), 13u);
}

TEST_F(OutputBufferTest, TextsOfEveryLengthAroundABufferComeWhole) {
  for (const std::size_t bytes : {99u, 100u, 101u, 199u, 200u, 201u, 1000u}) {
    const std::string text = Text(bytes);
    output_.Append("x");
    output_.Append(text);
    output_.Append(text);
    EXPECT_EQ(output_.bytes(), 2 * bytes + 1);
    EXPECT_EQ(Send().bytes, absl::StrCat("x", text, text)) << bytes;
    output_.Clear();
  }
}

TEST_F(OutputBufferTest, AValueIsSentFromWhereItLiesIfItIsLong) {
  for (const std::size_t bytes : {0u, 1u, 4095u, 4096u, 4097u, 70'000u}) {
    const auto value = client::OutgoingValue::Owned(Text(bytes));
    ReplyText reply;
    reply.Own("VALUE\r\n");
    reply.AppendValue(value);
    reply.Append("\r\n");
    output_.Append(reply);
    const absl::Span<const iovec> spans = output_.Spans();
    const bool lies_there = std::any_of(spans.begin(), spans.end(), [&](const iovec& span) {
      return span.iov_base == value.bytes.data();
    });
    EXPECT_EQ(lies_there, bytes > client::OutgoingValue::kCopyBytes) << bytes;
    EXPECT_EQ(Send().bytes, absl::StrCat("VALUE\r\n", value.bytes, "\r\n")) << bytes;
    output_.Clear();
  }
}

TEST_F(OutputBufferTest, AValueLivesUntilItIsForgotten) {
  auto bytes = std::make_shared<const std::string>(Text(5000));
  output_.Append(client::OutgoingValue{*bytes, bytes});
  EXPECT_EQ(bytes.use_count(), 2);
  output_.Clear();
  EXPECT_EQ(bytes.use_count(), 1);
}

TEST_F(OutputBufferTest, SaysWhenItIsFullBySpansAndByBytes) {
  std::string all;
  std::size_t replies = 0;
  for (; !output_.full(); ++replies) AppendFound(Text(5000), &all);
  EXPECT_LT(output_.bytes(), OutputBuffer::kFullBytes) << "spans are the bound";
  Sent sent = Send();
  EXPECT_EQ(sent.bytes, all);
  EXPECT_EQ(sent.turns, 1u) << "what is sent when it is full is one system call";
  output_.Clear();
  output_.Append(Text(OutputBuffer::kFullBytes - 1));
  EXPECT_GE(output_.bytes(), OutputBuffer::kFullBytes - 1);
  output_.Append("x");
  EXPECT_TRUE(output_.full());
}

TEST_F(OutputBufferTest, ValuesPastTheBoundOfSpansLeaveInTurns) {
  std::string all;
  for (char i = 0; i < 100; ++i) AppendFound(Text(5000, static_cast<char>('!' + i % 50)), &all);
  const Sent sent = Send();
  EXPECT_EQ(sent.bytes, all);
  EXPECT_GT(sent.turns, 2u);
  EXPECT_EQ(sent.most_spans, net::Connection::kMaxSpans);
  EXPECT_EQ(output_.bytes(), all.size());
}

// As a retrieval of many keys, whose reply is appended as one.
TEST_F(OutputBufferTest, TextPastTheBoundOfSpansLeavesInTurns) {
  const std::string all = Text(2 * net::Connection::kMaxSpans * kChunkBytes + 1);
  for (std::size_t at = 0; at < all.size(); at += 7) {
    output_.Append(absl::string_view(all).substr(at, 7));
  }
  const Sent sent = Send();
  EXPECT_EQ(sent.bytes, all);
  EXPECT_EQ(sent.turns, 3u);
  EXPECT_EQ(sent.most_spans, net::Connection::kMaxSpans);
}

TEST_F(OutputBufferTest, AsManySpansAsAConnectionTakesAreOneTurn) {
  output_.Append(Text(net::Connection::kMaxSpans * kChunkBytes));
  EXPECT_EQ(output_.Spans().size(), net::Connection::kMaxSpans);
  EXPECT_FALSE(output_.Advance());
}

TEST_F(OutputBufferTest, OneBufferStaysWarmWhenAllIsForgotten) {
  std::string all;
  AppendFound(Text(5000), &all);
  output_.Append(Text(1000));
  EXPECT_GT(buffers_.buffers_in_use(), 10u);
  EXPECT_FALSE(Send().bytes.empty());
  output_.Clear();
  EXPECT_EQ(buffers_.buffers_in_use(), 1u);
  EXPECT_TRUE(output_.empty());
  EXPECT_EQ(Send().bytes, "");
  output_.Append("MN\r\n");
  EXPECT_EQ(Send().bytes, "MN\r\n");
  EXPECT_EQ(buffers_.buffers_in_use(), 1u);
}

}  // namespace
}  // namespace ringcache::router

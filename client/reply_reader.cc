#include "client/reply_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "protocol/reply_parser.h"

namespace ringcache::client {
namespace {

using protocol::ReplyStatus;

constexpr absl::string_view kNewline = "\r\n";
// Memory that a long value is given at first, and the least that is received into it at once.
constexpr std::size_t kFirstLongBytes = std::size_t{1} << 20;

}  // namespace

absl::Span<char> ReplyReader::Lend() {
  if (long_value_bytes_ > 0 && !in_parts_) {
    GrowLongValue();
    return absl::MakeSpan(long_value_).subspan(long_value_received_);
  }
  if (!buffer_) {
    buffer_ = buffers_->Take();
    begin_ = end_ = 0;
  } else if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  // Never empty: what stays is an incomplete line, less than a line and a value that fit, or less
  // than the newline of a value given in parts.
  return buffer_.span().subspan(end_);
}

void ReplyReader::Received(std::size_t bytes) {
  (long_value_bytes_ > 0 && !in_parts_ ? long_value_received_ : end_) += bytes;
}

ReadStatus ReplyReader::Next(protocol::Operation operation, protocol::Reply* reply,
                             ReceivedValue* value) {
  if (long_value_bytes_ > 0) {
    return in_parts_ ? NextPart(operation, reply, value) : FinishLongValue(operation, reply, value);
  }
  const protocol::ReplyResult parsed = protocol::ParseReply(input(), operation, reply);
  if (parsed.status == ReplyStatus::kNeedMore) return ReadStatus::kNeedMore;
  if (parsed.status == ReplyStatus::kInvalid) return ReadStatus::kInvalid;
  if (!protocol::HasValue(reply->kind)) {
    *value = {{}, nullptr, input().substr(0, parsed.consumed)};
    begin_ += parsed.consumed;
    return ReadStatus::kReply;
  }
  if (reply->value_bytes > limits_.max_value_bytes) return ReadStatus::kInvalid;
  const absl::string_view rest = input().substr(parsed.consumed);
  const std::size_t block_bytes = reply->value_bytes + kNewline.size();
  if (rest.size() < block_bytes) {
    if (parsed.consumed + block_bytes <= buffer_.size()) return ReadStatus::kNeedMore;
    return StartLongValue(parsed.consumed, *reply, value);
  }
  if (rest.substr(reply->value_bytes, kNewline.size()) != kNewline) return ReadStatus::kInvalid;
  *value = {rest.substr(0, reply->value_bytes), nullptr,
            input().substr(0, parsed.consumed + block_bytes)};
  begin_ += parsed.consumed + block_bytes;
  return ReadStatus::kReply;
}

ReadStatus ReplyReader::StartLongValue(std::size_t line_bytes, const protocol::Reply& reply,
                                       ReceivedValue* value) {
  const absl::string_view line = input().substr(0, line_bytes);
  line_ = std::string(line);
  long_value_bytes_ = reply.value_bytes + kNewline.size();
  long_value_received_ = 0;
  in_parts_ = reply.value_bytes > limits_.max_held_value_bytes;
  if (in_parts_) {
    *value = {{}, nullptr, line};
    begin_ += line_bytes;
    return ReadStatus::kLongValue;
  }
  const absl::string_view received = input().substr(line_bytes);
  long_value_ = std::string(received);
  long_value_received_ = received.size();
  begin_ = end_;
  ReleaseIfEmpty();
  return ReadStatus::kNeedMore;
}

ReadStatus ReplyReader::NextPart(protocol::Operation operation, protocol::Reply* reply,
                                 ReceivedValue* value) {
  const std::size_t left = long_value_bytes_ - kNewline.size() - long_value_received_;
  if (left > 0) {
    *value = {input().substr(0, left)};
    begin_ += value->bytes.size();
    long_value_received_ += value->bytes.size();
    return value->bytes.empty() ? ReadStatus::kNeedMore : ReadStatus::kPart;
  }
  if (input().size() < kNewline.size()) return ReadStatus::kNeedMore;
  if (!absl::StartsWith(input(), kNewline)) return ReadStatus::kInvalid;
  begin_ += kNewline.size();
  long_value_bytes_ = long_value_received_ = 0;
  in_parts_ = false;
  // It was read before.
  (void)protocol::ParseReply(line_, operation, reply);
  *value = ReceivedValue();
  value->in_parts = true;
  return ReadStatus::kReply;
}

void ReplyReader::GrowLongValue() {
  if (long_value_received_ < long_value_.size()) return;
  long_value_.resize(
      std::min(long_value_bytes_, std::max(kFirstLongBytes, 2 * long_value_received_)));
}

ReadStatus ReplyReader::FinishLongValue(protocol::Operation operation, protocol::Reply* reply,
                                        ReceivedValue* value) {
  if (long_value_received_ < long_value_bytes_) return ReadStatus::kNeedMore;
  const protocol::ReplyResult parsed = protocol::ParseReply(line_, operation, reply);
  if (parsed.status != ReplyStatus::kOk || !absl::EndsWith(long_value_, kNewline)) {
    return ReadStatus::kInvalid;
  }
  long_value_.resize(long_value_bytes_ - kNewline.size());
  long_value_bytes_ = long_value_received_ = 0;
  *value = {long_value_, &long_value_, line_};
  return ReadStatus::kReply;
}

absl::string_view ReplyReader::Front() const {
  return long_value_bytes_ > 0 ? absl::string_view(line_) : input();
}

void ReplyReader::ReleaseIfEmpty() {
  if (begin_ == end_) {
    ReleaseBuffer();
    begin_ = end_ = 0;
  }
}

void ReplyReader::ReleaseBuffer() {
  if (kept_ != nullptr && buffer_) kept_->push_back(std::move(buffer_));
  buffer_.Reset();
}

void ReplyReader::Reset() {
  ReleaseBuffer();
  begin_ = end_ = 0;
  long_value_ = std::string();
  long_value_bytes_ = long_value_received_ = 0;
  in_parts_ = false;
}

}  // namespace ringcache::client

#include "client/reply_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"

namespace ringcache::client {
namespace {

using protocol::ReplyStatus;

constexpr absl::string_view kNewline = "\r\n";
// Memory that a long value is given at first, and the least that is received into it at once.
constexpr std::size_t kFirstLongBytes = std::size_t{1} << 20;

}  // namespace

absl::Span<char> ReplyReader::Lend() {
  if (long_value_bytes_ > 0) {
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
  // Never empty: what stays is an incomplete line, or less than a line and a value that fit.
  return buffer_.span().subspan(end_);
}

void ReplyReader::Received(std::size_t bytes) {
  (long_value_bytes_ > 0 ? long_value_received_ : end_) += bytes;
}

ReplyStatus ReplyReader::Next(protocol::Operation operation, protocol::Reply* reply,
                              ReceivedValue* value) {
  if (long_value_bytes_ > 0) return FinishLongValue(operation, reply, value);
  const protocol::ReplyResult parsed = protocol::ParseReply(input(), operation, reply);
  if (parsed.status != ReplyStatus::kOk) return parsed.status;
  if (!protocol::HasValue(reply->kind)) {
    *value = {{}, nullptr, input().substr(0, parsed.consumed)};
    begin_ += parsed.consumed;
    return ReplyStatus::kOk;
  }
  if (reply->value_bytes > max_value_bytes_) return ReplyStatus::kInvalid;
  const absl::string_view rest = input().substr(parsed.consumed);
  const std::size_t block_bytes = reply->value_bytes + kNewline.size();
  if (rest.size() < block_bytes) {
    if (parsed.consumed + block_bytes > buffer_.size()) {
      StartLongValue(input().substr(0, parsed.consumed), *reply);
    }
    return ReplyStatus::kNeedMore;
  }
  if (rest.substr(reply->value_bytes, kNewline.size()) != kNewline) return ReplyStatus::kInvalid;
  *value = {rest.substr(0, reply->value_bytes), nullptr,
            input().substr(0, parsed.consumed + block_bytes)};
  begin_ += parsed.consumed + block_bytes;
  return ReplyStatus::kOk;
}

void ReplyReader::StartLongValue(absl::string_view line, const protocol::Reply& reply) {
  line_ = std::string(line);
  long_value_bytes_ = reply.value_bytes + kNewline.size();
  const absl::string_view received = input().substr(line.size());
  long_value_ = std::string(received);
  long_value_received_ = received.size();
  begin_ = end_;
  ReleaseIfEmpty();
}

void ReplyReader::GrowLongValue() {
  if (long_value_received_ < long_value_.size()) return;
  long_value_.resize(
      std::min(long_value_bytes_, std::max(kFirstLongBytes, 2 * long_value_received_)));
}

ReplyStatus ReplyReader::FinishLongValue(protocol::Operation operation, protocol::Reply* reply,
                                         ReceivedValue* value) {
  if (long_value_received_ < long_value_bytes_) return ReplyStatus::kNeedMore;
  const protocol::ReplyResult parsed = protocol::ParseReply(line_, operation, reply);
  if (parsed.status != ReplyStatus::kOk || !absl::EndsWith(long_value_, kNewline)) {
    return ReplyStatus::kInvalid;
  }
  long_value_.resize(long_value_bytes_ - kNewline.size());
  long_value_bytes_ = long_value_received_ = 0;
  *value = {long_value_, &long_value_, line_};
  return ReplyStatus::kOk;
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
}

}  // namespace ringcache::client

#include "router/output_buffer.h"

#include <algorithm>
#include <cstring>

namespace ringcache::router {

void OutputBuffer::Append(absl::string_view text) {
  bytes_ += text.size();
  while (!text.empty()) {
    if (cursor_ == limit_) NextChunk();
    const std::size_t bytes = std::min(text.size(), static_cast<std::size_t>(limit_ - cursor_));
    std::memcpy(cursor_, text.data(), bytes);
    cursor_ += bytes;
    text.remove_prefix(bytes);
  }
}

void OutputBuffer::Append(const ReplyText& reply) {
  Append(reply.head());
  Append(reply.value());
  Append(reply.tail());
}

void OutputBuffer::Append(const client::OutgoingValue& value) {
  if (value.bytes.size() <= client::OutgoingValue::kCopyBytes) return Append(value.bytes);
  CloseSpan();
  spans_.push_back({const_cast<char*>(value.bytes.data()), value.bytes.size()});
  bytes_ += value.bytes.size();
  values_.push_back(value);
}

absl::Span<const iovec> OutputBuffer::Spans() {
  CloseSpan();
  return absl::MakeConstSpan(spans_).subspan(spans_sent_, net::Connection::kMaxSpans);
}

bool OutputBuffer::Advance() {
  spans_sent_ = std::min(spans_sent_ + net::Connection::kMaxSpans, spans_.size());
  return spans_sent_ < spans_.size();
}

void OutputBuffer::Clear() {
  if (chunks_.size() > 1) chunks_.resize(1);
  chunks_used_ = 0;
  cursor_ = limit_ = span_begin_ = nullptr;
  spans_.clear();
  spans_sent_ = bytes_ = 0;
  values_.clear();
}

void OutputBuffer::CloseSpan() {
  if (cursor_ == span_begin_) return;
  spans_.push_back({span_begin_, static_cast<std::size_t>(cursor_ - span_begin_)});
  span_begin_ = cursor_;
}

void OutputBuffer::NextChunk() {
  CloseSpan();
  if (chunks_used_ == chunks_.size()) chunks_.push_back(pool_->Take());
  span_begin_ = cursor_ = chunks_[chunks_used_].data();
  limit_ = cursor_ + chunks_[chunks_used_].size();
  ++chunks_used_;
}

}  // namespace ringcache::router

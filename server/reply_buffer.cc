#include "server/reply_buffer.h"

#include <utility>

namespace ringcache::server {

void ReplyBuffer::AppendPinned(storage::PinnedItem item) {
  CloseSpan();
  const absl::string_view value = item->value();
  spans_[span_count_++] = iovec{const_cast<char*>(value.data()), value.size()};
  pinned_bytes_ += value.size();
  pins_[pin_count_++] = std::move(item);
}

void ReplyBuffer::AppendOwned(std::string text) {
  CloseSpan();
  owned_ = std::move(text);
  spans_[span_count_++] = iovec{owned_.data(), owned_.size()};
  pinned_bytes_ = kMaxPinnedBytes;
}

absl::Span<const iovec> ReplyBuffer::Spans() {
  CloseSpan();
  return absl::MakeConstSpan(spans_.data(), span_count_);
}

void ReplyBuffer::Clear() {
  for (; pin_count_ > 0; --pin_count_) pins_[pin_count_ - 1].Release();
  for (; chunk_count_ > 1; --chunk_count_) chunks_[chunk_count_ - 1].Reset();
  if (!owned_.empty()) std::string().swap(owned_);
  span_count_ = 0;
  pinned_bytes_ = 0;
  cursor_ = span_begin_ = chunk_count_ == 0 ? nullptr : chunks_[0].data();
  limit_ = chunk_count_ == 0 ? nullptr : cursor_ + chunks_[0].size();
}

void ReplyBuffer::Release() {
  Clear();
  if (chunk_count_ == 0) return;
  chunks_[0].Reset();
  chunk_count_ = 0;
  cursor_ = limit_ = span_begin_ = nullptr;
}

void ReplyBuffer::CloseSpan() {
  if (cursor_ == span_begin_) return;
  spans_[span_count_++] = iovec{span_begin_, static_cast<std::size_t>(cursor_ - span_begin_)};
  span_begin_ = cursor_;
}

void ReplyBuffer::NextChunk() {
  CloseSpan();
  chunks_[chunk_count_] = pool_->Take();
  cursor_ = span_begin_ = chunks_[chunk_count_].data();
  limit_ = cursor_ + chunks_[chunk_count_].size();
  ++chunk_count_;
}

}  // namespace ringcache::server

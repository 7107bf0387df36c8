#include "server/reply_buffer.h"

#include <algorithm>
#include <utility>

namespace ringcache::server {

void ReplyBuffer::AppendPinned(storage::PinnedItem item) {
  CloseSpan();
  pinned_bytes_ += item->value_bytes();
  if (item->is_chunked()) {
    turns_ = std::make_unique<Turns>();
    turns_->spans_before = span_count_;
    // It may be shorter, but then the rest of the spans may not suffice either.
    pinned_bytes_ = kMaxPinnedBytes;
  } else {
    const absl::string_view value = item->value();
    spans_[span_count_++] = iovec{const_cast<char*>(value.data()), value.size()};
  }
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
  if (turns_ != nullptr) {
    if (turns_->span_count == 0) FillTurn();
    return absl::MakeConstSpan(turns_->spans.data(), turns_->span_count);
  }
  return absl::MakeConstSpan(spans_.data(), span_count_);
}

bool ReplyBuffer::Advance() {
  if (!HasMore()) return false;
  turns_->is_first = false;
  FillTurn();
  return true;
}

// What precedes the value goes with its first pieces, what follows it with the last ones.
void ReplyBuffer::FillTurn() {
  Turns& turn = *turns_;
  const storage::PinnedItem& value = pins_[pin_count_ - 1];
  turn.span_count = 0;
  if (turn.is_first) {
    std::copy_n(spans_.begin(), turn.spans_before, turn.spans.begin());
    turn.span_count = turn.spans_before;
  }
  const std::size_t spans_after = span_count_ - turn.spans_before;
  const std::size_t bytes = value->value_bytes();
  while (turn.offset < bytes && turn.span_count + spans_after < turn.spans.size()) {
    const absl::string_view part = value.ValueFrom(turn.offset);
    turn.spans[turn.span_count++] = iovec{const_cast<char*>(part.data()), part.size()};
    turn.offset += part.size();
  }
  turn.is_last = turn.offset == bytes;
  if (!turn.is_last) return;
  std::copy_n(spans_.begin() + turn.spans_before, spans_after,
              turn.spans.begin() + turn.span_count);
  turn.span_count += spans_after;
}

void ReplyBuffer::Clear() {
  turns_.reset();
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

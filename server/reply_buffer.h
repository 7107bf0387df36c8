// Replies of one wake-up on their way to the connection: contiguous text in a few large buffers,
// and large values that are sent from where they lie.
//
// Copying costs less than an iovec and a reference up to a few KiB and more from kPinBytes on
// (docs/architecture.md). Memory is bounded: kMaxChunks buffers, kMaxPinnedBytes of pinned values
// or one that is larger; full() says when to send before going on. A value that lies in many pieces
// is sent in turns.
//
// Thread safety: none; belongs to one worker. The pool outlives it.

#ifndef RINGCACHE_SERVER_REPLY_BUFFER_H_
#define RINGCACHE_SERVER_REPLY_BUFFER_H_

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "net/buffer_pool.h"
#include "net/connection.h"
#include "storage/item_access.h"

namespace ringcache::server {

class ReplyBuffer {
 public:
  // Values longer than this are pinned, shorter ones copied.
  static constexpr std::size_t kPinBytes = 16 * 1024;
  // Most bytes that one Reserve may ask for: a value to copy and its header.
  static constexpr std::size_t kMaxReserveBytes = kPinBytes + 1024;
  // Buffers, 256 KiB with the pool's default size.
  static constexpr std::size_t kMaxChunks = 4;
  // Pinned bytes after which no further reply is taken: they are the cache's memory, but they
  // cannot be evicted while a slow peer takes them.
  static constexpr std::size_t kMaxPinnedBytes = std::size_t{1} << 20;

  // REQUIRES: pool->buffer_bytes() >= kMaxReserveBytes.
  explicit ReplyBuffer(net::BufferPool* pool) : pool_(pool) {}
  ReplyBuffer(const ReplyBuffer&) = delete;
  ReplyBuffer& operator=(const ReplyBuffer&) = delete;

  bool empty() const { return span_count_ == 0 && cursor_ == span_begin_; }

  // Whether another reply of any length might exceed a bound.
  bool full() const {
    return (chunk_count_ == kMaxChunks && room() < kMaxReserveBytes) ||
           span_count_ > kMaxSpanCount || pinned_bytes_ >= kMaxPinnedBytes;
  }

  // Room for `bytes` in one piece, until the next call. REQUIRES: bytes <= kMaxReserveBytes,
  // !full() when the reply began.
  char* Reserve(std::size_t bytes) {
    if (room() < bytes) NextChunk();
    return cursor_;
  }
  // What was written into the reserved room ends at `end`.
  void Commit(char* end) { cursor_ = end; }

  // REQUIRES: text.size() <= kMaxReserveBytes.
  void Append(absl::string_view text) {
    char* out = Reserve(text.size());
    std::memcpy(out, text.data(), text.size());
    Commit(out + text.size());
  }

  // The value of a pinned item, which stays pinned until Clear. After one of more than
  // kMaxPinnedBytes full() is true.
  void AppendPinned(storage::PinnedItem item);

  // A long reply of an admin command. REQUIRES: at most one between two Clear, so the bound is the
  // command's own; nothing is taken after it (full() is true).
  void AppendOwned(std::string text);

  // All that was appended, in order, or the first turn of it. Valid until the next call of another
  // member.
  absl::Span<const iovec> Spans();
  // To be called when these have been sent: true if there is another turn, which Spans() then
  // gives.
  bool Advance();
  // Whether Advance will find another turn.
  bool HasMore() const { return turns_ != nullptr && !turns_->is_last; }

  // Forgets everything and releases pins. Keeps one buffer, which is warm.
  void Clear();
  // Also gives that one back.
  void Release();

 private:
  // A pinned reply takes up to three spans: the text before, the value, the text after.
  static constexpr std::size_t kMaxSpanCount = net::Connection::kMaxSpans - 4;
  static constexpr std::size_t kMaxPins = net::Connection::kMaxSpans / 2;

  std::size_t room() const { return static_cast<std::size_t>(limit_ - cursor_); }
  void CloseSpan();
  void NextChunk();

  net::BufferPool* const pool_;
  char* cursor_ = nullptr;
  char* limit_ = nullptr;
  char* span_begin_ = nullptr;
  std::size_t chunk_count_ = 0;
  std::size_t span_count_ = 0;
  std::size_t pin_count_ = 0;
  std::size_t pinned_bytes_ = 0;
  std::array<net::BufferPool::Buffer, kMaxChunks> chunks_;
  std::array<iovec, net::Connection::kMaxSpans> spans_;
  std::array<storage::PinnedItem, kMaxPins> pins_;
  std::string owned_;

  // Of the last pinned value, if it lies in pieces.
  struct Turns {
    std::array<iovec, net::Connection::kMaxSpans> spans;  // of this turn
    std::size_t span_count = 0;
    std::size_t spans_before = 0;  // how many of spans_ precede the value
    std::size_t offset = 0;        // in the value, where the next turn goes on
    bool is_first = true;
    bool is_last = false;
  };
  void FillTurn();

  std::unique_ptr<Turns> turns_;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_REPLY_BUFFER_H_

// Bytes received and not yet consumed, in a buffer of the worker's pool while there is work to do
// and in an allocation of the right size while a peer takes its time: an idle connection owns
// nothing, one that stopped in the middle of a request owns that part of the request.
//
// Thread safety: none; belongs to one session. The pool outlives it.

#ifndef RINGCACHE_NET_INPUT_BUFFER_H_
#define RINGCACHE_NET_INPUT_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "net/buffer_pool.h"

namespace ringcache::net {

class InputBuffer {
 public:
  explicit InputBuffer(BufferPool* pool) : pool_(pool) {}

  absl::string_view unread() const { return absl::string_view(data() + begin_, end_ - begin_); }
  bool empty() const { return begin_ == end_; }

  // Room behind the unread bytes, which may move. Empty only if they fill a whole buffer.
  absl::Span<char> Lend() {
    if (!buffer_) {
      buffer_ = pool_->Take();
      if (kept_ != nullptr) {
        std::memcpy(buffer_.data(), kept_.get() + begin_, end_ - begin_);
        kept_.reset();
      }
    } else if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    }
    end_ -= begin_;
    begin_ = 0;
    return buffer_.span().subspan(end_);
  }
  // `bytes` were put into the lent room.
  void Received(std::size_t bytes) { end_ += static_cast<std::uint32_t>(bytes); }

  // REQUIRES: bytes <= unread().size().
  void Consume(std::size_t bytes) { begin_ += static_cast<std::uint32_t>(bytes); }

  // To be written over.
  absl::Span<char> mutable_unread() { return absl::MakeSpan(data() + begin_, end_ - begin_); }

  // Puts bytes in front of the unread ones, over bytes consumed before. False if there is no room.
  bool PutBack(absl::string_view bytes) {
    if (begin_ < bytes.size()) return false;
    begin_ -= static_cast<std::uint32_t>(bytes.size());
    std::memcpy(data() + begin_, bytes.data(), bytes.size());
    return true;
  }

  // Called when the unread bytes are the beginning of a request whose rest has not come: gives the
  // buffer back and keeps them in an allocation of their size.
  void Settle() {
    if (!buffer_) return;
    const std::size_t bytes = end_ - begin_;
    if (bytes > 0) {
      kept_ = std::make_unique_for_overwrite<char[]>(bytes);
      std::memcpy(kept_.get(), buffer_.data() + begin_, bytes);
    }
    buffer_.Reset();
    end_ = static_cast<std::uint32_t>(bytes);
    begin_ = 0;
  }

 private:
  char* data() const { return buffer_ ? buffer_.data() : kept_.get(); }

  BufferPool* const pool_;
  BufferPool::Buffer buffer_;
  std::unique_ptr<char[]> kept_;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_INPUT_BUFFER_H_

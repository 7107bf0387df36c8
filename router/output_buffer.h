// Replies on their way to one client: texts are copied one behind the other, long values are sent
// from where they lie.
//
// Thread safety: none; belongs to one worker. The pool outlives it.

#ifndef RINGCACHE_ROUTER_OUTPUT_BUFFER_H_
#define RINGCACHE_ROUTER_OUTPUT_BUFFER_H_

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/outgoing_value.h"
#include "net/buffer_pool.h"
#include "net/connection.h"
#include "router/reply_text.h"

namespace ringcache::router {

class OutputBuffer {
 public:
  // As much as one system call should take.
  static constexpr std::size_t kFullBytes = std::size_t{256} << 10;

  explicit OutputBuffer(net::BufferPool* pool) : pool_(pool) {}
  OutputBuffer(const OutputBuffer&) = delete;
  OutputBuffer& operator=(const OutputBuffer&) = delete;

  bool empty() const { return bytes_ == 0; }
  // To be sent before more is appended.
  bool full() const { return bytes_ >= kFullBytes || span_count_ > kMaxSpanCount; }
  std::size_t bytes() const { return bytes_; }

  void Append(absl::string_view text);
  // REQUIRES: !full().
  void Append(const ReplyText& reply);
  // An owned value. REQUIRES: !full().
  void Append(const client::OutgoingValue& value);

  // All of it, until the next call of another member.
  absl::Span<const iovec> Spans();
  // Forgets all, but one buffer, which is warm.
  void Clear();

 private:
  // A reply takes up to three: its head, its value, its tail; and a text that ends a buffer two.
  static constexpr std::size_t kMaxSpanCount = net::Connection::kMaxSpans - 8;

  void CloseSpan();
  void NextChunk();

  net::BufferPool* const pool_;
  std::vector<net::BufferPool::Buffer> chunks_;
  std::size_t chunks_used_ = 0;
  char* cursor_ = nullptr;
  char* limit_ = nullptr;
  char* span_begin_ = nullptr;
  std::array<iovec, net::Connection::kMaxSpans> spans_;
  std::size_t span_count_ = 0;
  std::size_t bytes_ = 0;
  std::vector<client::OutgoingValue> values_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_OUTPUT_BUFFER_H_

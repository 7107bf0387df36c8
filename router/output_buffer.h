// Replies on their way to one client: texts are copied one behind the other, long values are sent
// from where they lie. What is more than a connection takes at once is sent in turns.
//
// Thread safety: none; belongs to one worker. The pool outlives it.

#ifndef RINGCACHE_ROUTER_OUTPUT_BUFFER_H_
#define RINGCACHE_ROUTER_OUTPUT_BUFFER_H_

#include <sys/uio.h>

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

  explicit OutputBuffer(net::BufferPool* pool) : pool_(pool) {
    spans_.reserve(net::Connection::kMaxSpans);
  }
  OutputBuffer(const OutputBuffer&) = delete;
  OutputBuffer& operator=(const OutputBuffer&) = delete;

  bool empty() const { return bytes_ == 0; }
  // To be sent before more is appended; what is appended all the same takes another turn.
  bool full() const { return bytes_ >= kFullBytes || spans_.size() > kMaxSpanCount; }
  std::size_t bytes() const { return bytes_; }

  void Append(absl::string_view text);
  void Append(const ReplyText& reply);
  // An owned value.
  void Append(const client::OutgoingValue& value);

  // What is to be sent now: all of it, or the first turn. Valid until the next call of another
  // member, after which nothing is appended.
  absl::Span<const iovec> Spans();
  // To be called when these have been sent: true if there is another turn, which Spans() then
  // gives.
  bool Advance();
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
  std::vector<iovec> spans_;
  std::size_t spans_sent_ = 0;
  std::size_t bytes_ = 0;
  std::vector<client::OutgoingValue> values_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_OUTPUT_BUFFER_H_

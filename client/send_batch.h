// Requests that leave in one write: their lines and short values in one buffer, long values as
// spans between. The buffer is kept from one batch to the next while it is small.
//
// Thread safety: none; belongs to one connection.

#ifndef RINGCACHE_CLIENT_SEND_BATCH_H_
#define RINGCACHE_CLIENT_SEND_BATCH_H_

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/outgoing_value.h"
#include "net/connection.h"

namespace ringcache::client {

class SendBatch {
 public:
  // Each long value needs a span, and so does the text after it.
  static constexpr std::size_t kMaxLongValues = (net::Connection::kMaxSpans - 1) / 2;
  using Spans = std::array<iovec, net::Connection::kMaxSpans>;

  // Room for at least `bytes` bytes of text; what is written there is kept by Commit(end).
  char* Extend(std::size_t bytes);
  void Commit(const char* end) { text_bytes_ = static_cast<std::size_t>(end - text_.get()); }

  // The data block of the request that was committed last, with its "\r\n". REQUIRES: !full().
  void AppendValue(const OutgoingValue& value);

  // No more long values fit: begin another batch.
  bool full() const { return long_values_.size() == kMaxLongValues; }
  bool empty() const { return text_bytes_ == 0; }
  std::size_t bytes() const { return text_bytes_ + long_value_bytes_; }

  // What to send, in order; valid until the next change.
  absl::Span<const iovec> Fill(Spans* spans) const;

  // The text from `offset` on, where a request begins if text_bytes() was `offset` before it was
  // written: its line, and its value if that is no span of its own.
  std::size_t text_bytes() const { return text_bytes_; }
  absl::string_view TextFrom(std::size_t offset) const {
    return absl::string_view(text_.get(), text_bytes_).substr(offset);
  }
  // The long value of the request that begins there; null if it has none.
  const OutgoingValue* LongValueFrom(std::size_t offset) const;

  // The number of the call after the last one in it, for who keeps it until that is answered.
  std::size_t end_call() const { return end_call_; }
  void set_end_call(std::size_t call) { end_call_ = call; }

  // Empties it. A large buffer is given back.
  void Clear();

 private:
  struct LongValue {
    std::size_t text_before;
    OutgoingValue value;
  };

  std::unique_ptr<char[]> text_;
  std::size_t text_bytes_ = 0;
  std::size_t capacity_ = 0;
  std::vector<LongValue> long_values_;
  std::size_t long_value_bytes_ = 0;
  std::size_t end_call_ = 0;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_SEND_BATCH_H_

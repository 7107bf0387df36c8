// Bytes to whole replies, data blocks included, of any size: the receiving half of a connection,
// without the connection.
//
// Thread safety: none; belongs to one connection. The pool outlives it.

#ifndef RINGCACHE_CLIENT_REPLY_READER_H_
#define RINGCACHE_CLIENT_REPLY_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/reply_receiver.h"
#include "net/buffer_pool.h"
#include "protocol/operation.h"
#include "protocol/reply.h"
#include "protocol/reply_parser.h"

namespace ringcache::client {

class ReplyReader {
 public:
  // A longer value is invalid. `buffers` hands out at least 2 * kMaxReplyLineBytes. Buffers that
  // are done with go to `kept`, if that is not null: what Next() showed lies there.
  ReplyReader(net::BufferPool* buffers, std::uint32_t max_value_bytes,
              std::vector<net::BufferPool::Buffer>* kept = nullptr)
      : buffers_(buffers), kept_(kept), max_value_bytes_(max_value_bytes) {}
  ~ReplyReader() { ReleaseBuffer(); }

  // Where the next bytes go; never empty.
  absl::Span<char> Lend();
  // `bytes` were put at the start of what was lent.
  void Received(std::size_t bytes);

  // The next reply line, which answers a request of `operation`, with its data block. After
  // kInvalid the stream is out of step; Front() shows what came. `reply` and `value` are valid
  // until the next call; what is not `owned`, until the next Lend() if buffers are kept.
  protocol::ReplyStatus Next(protocol::Operation operation, protocol::Reply* reply,
                             ReceivedValue* value);

  // Whether bytes are here that no Next() has taken.
  bool HasBytes() const { return begin_ != end_ || long_value_bytes_ > 0; }
  // The first of them, for a message.
  absl::string_view Front() const;
  // Gives the buffer back if nothing is in it.
  void ReleaseIfEmpty();
  // Forgets everything, for a new connection.
  void Reset();

 private:
  absl::string_view input() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void ReleaseBuffer();
  void StartLongValue(absl::string_view line, const protocol::Reply& reply);
  void GrowLongValue();
  protocol::ReplyStatus FinishLongValue(protocol::Operation operation, protocol::Reply* reply,
                                        ReceivedValue* value);

  net::BufferPool* const buffers_;
  std::vector<net::BufferPool::Buffer>* const kept_;
  const std::uint32_t max_value_bytes_;
  net::BufferPool::Buffer buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;

  // A value that does not fit into the buffer: its line, and a string that grows with what has
  // come, so that a server that announces more than it sends costs nothing. 0 bytes: there is none.
  std::string line_;
  std::string long_value_;
  std::size_t long_value_bytes_ = 0;  // with its "\r\n"
  std::size_t long_value_received_ = 0;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_REPLY_READER_H_

// Bytes to whole replies, data blocks included, of any size: the receiving half of a connection,
// without the connection. Values past a bound are not collected but given in parts, as they come.
//
// Thread safety: none; belongs to one connection. The pool outlives it.

#ifndef RINGCACHE_CLIENT_REPLY_READER_H_
#define RINGCACHE_CLIENT_REPLY_READER_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/reply_receiver.h"
#include "net/buffer_pool.h"
#include "protocol/operation.h"
#include "protocol/reply.h"

namespace ringcache::client {

// What ReplyReader::Next() found.
enum class ReadStatus : std::uint8_t {
  kReply,      // a reply line, with its data block if it has one
  kLongValue,  // the line, `value->wire`, of a value that is given in parts
  kPart,       // `value->bytes`, more of that value; kReply with value->in_parts follows the last
  kNeedMore,
  kInvalid,  // the stream is out of step; Front() shows what came
};

class ReplyReader {
 public:
  struct Limits {
    // A longer value is invalid.
    std::uint32_t max_value_bytes = 0;
    // A longer value, if it does not fit into a buffer either, is given in parts.
    std::size_t max_held_value_bytes = std::numeric_limits<std::size_t>::max();
  };

  // `buffers` hands out at least 2 * kMaxReplyLineBytes. Buffers that are done with go to `kept`,
  // if that is not null: what Next() showed lies there.
  ReplyReader(net::BufferPool* buffers, const Limits& limits,
              std::vector<net::BufferPool::Buffer>* kept = nullptr)
      : buffers_(buffers), kept_(kept), limits_(limits) {}
  ~ReplyReader() { ReleaseBuffer(); }

  // Where the next bytes go; never empty.
  absl::Span<char> Lend();
  // `bytes` were put at the start of what was lent.
  void Received(std::size_t bytes);

  // What comes next of the replies to a request of `operation`. `reply` and `value` are valid until
  // the next call; what of `value` is not `owned`, until buffers are given up if they are kept.
  ReadStatus Next(protocol::Operation operation, protocol::Reply* reply, ReceivedValue* value);

  // In the midst of a value that is given in parts.
  bool in_parts() const { return in_parts_; }

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
  ReadStatus StartLongValue(std::size_t line_bytes, const protocol::Reply& reply,
                            ReceivedValue* value);
  void GrowLongValue();
  ReadStatus FinishLongValue(protocol::Operation operation, protocol::Reply* reply,
                             ReceivedValue* value);
  ReadStatus NextPart(protocol::Operation operation, protocol::Reply* reply, ReceivedValue* value);

  net::BufferPool* const buffers_;
  std::vector<net::BufferPool::Buffer>* const kept_;
  const Limits limits_;
  net::BufferPool::Buffer buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;

  // A value that does not fit into the buffer: its line, and a string that grows with what has
  // come, so that a server that announces more than it sends costs nothing. 0 bytes: there is none.
  // One that is given in parts has no string.
  std::string line_;
  std::string long_value_;
  std::size_t long_value_bytes_ = 0;     // with its "\r\n"
  std::size_t long_value_received_ = 0;  // of it; in parts: given
  bool in_parts_ = false;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_REPLY_READER_H_

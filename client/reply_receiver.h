// Who is told of the replies to a call on a connection.
//
// Thread safety: called on the connection's loop.

#ifndef RINGCACHE_CLIENT_REPLY_RECEIVER_H_
#define RINGCACHE_CLIENT_REPLY_RECEIVER_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "client/call_failure.h"
#include "protocol/reply.h"

namespace ringcache::client {

// The data block of a reply, and the reply as it came. Valid during OnReply only; if the
// connection's resources keep what was received, until that is given up.
struct ReceivedValue {
  absl::string_view bytes;
  // A value that was longer than the receive buffer has a string of its own, which may be moved
  // from; else null.
  std::string* owned = nullptr;
  // From the first byte of the line to the end of the data block; of a reply with an owned value
  // only the line.
  absl::string_view wire = {};

  // The bytes in a string, copied only if they lie in the receive buffer.
  std::string Take() const { return owned != nullptr ? std::move(*owned) : std::string(bytes); }
};

class ReplyReceiver {
 public:
  virtual ~ReplyReceiver() = default;

  // A line of the reply to the call that was given `tag`, with its data block if it has one. All
  // views are valid during this call only. `last`: nothing more comes for this tag. New calls may
  // be made from here, also on the same connection; the connection may not be destroyed.
  virtual void OnReply(std::uint64_t tag, const protocol::Reply& reply, const ReceivedValue& value,
                       bool last) = 0;

  // No reply, or no more of it, comes for this tag.
  virtual void OnFailure(std::uint64_t tag, CallFailure failure) = 0;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_REPLY_RECEIVER_H_

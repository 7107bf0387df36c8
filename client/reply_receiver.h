// Who is told of the replies to a call on a connection.
//
// Thread safety: called on the connection's loop.

#ifndef RINGCACHE_CLIENT_REPLY_RECEIVER_H_
#define RINGCACHE_CLIENT_REPLY_RECEIVER_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
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
  // The value was longer than what is held whole: it was told by OnPart, and is not here.
  bool in_parts = false;

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

  // The line of a value came that is longer than the connection's resources hold whole. Its bytes
  // follow by OnPart, and OnReply tells of it when it is complete: who does nothing drops them.
  // Returns how long each part may take to come: the call's deadline moves on with them. `line`,
  // with its "\r\n", is valid as a reply's bytes are.
  virtual absl::Duration OnLongValue(std::uint64_t tag, const protocol::Reply& reply,
                                     absl::string_view line) {
    (void)tag, (void)reply, (void)line;
    return absl::ZeroDuration();
  }
  // The next bytes of that value, without the "\r\n" after them; valid as a reply's bytes are.
  virtual void OnPart(std::uint64_t tag, absl::string_view bytes) { (void)tag, (void)bytes; }

  // No reply, or no more of it, comes for this tag.
  virtual void OnFailure(std::uint64_t tag, CallFailure failure) = 0;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_REPLY_RECEIVER_H_

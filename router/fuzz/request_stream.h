// What a client has asked, read byte by byte from what it says: the plainest reading of a client's
// stream, to hold the router's against, which reads the same in any pieces.
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_FUZZ_REQUEST_STREAM_H_
#define RINGCACHE_ROUTER_FUZZ_REQUEST_STREAM_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "protocol/request.h"

namespace ringcache::router {

class RequestStream {
 public:
  // What the last byte has completed.
  enum class Event : std::uint8_t {
    kNothing,
    kRequest,  // request() with its value()
    kRefused,  // what is answered with error()
    kEnd,      // the client quits, or says what is no cache's protocol; no more is read
  };

  Event Take(char byte);

  // Of the last event; views into this, until the next byte.
  const protocol::Request& request() const { return request_; }
  absl::string_view value() const { return value_; }
  // The line of the error; empty if it is hidden.
  absl::string_view error() const { return error_; }

  // A request that is not complete: its line has come, its data block has not. request() is it.
  bool in_block() const { return in_block_ && !done_; }

 private:
  Event TakeLine();
  Event TakeBlock();
  Event Refuse(absl::string_view error, bool quiet);

  std::string pending_;  // of a line, or of a data block
  std::string line_;     // before that block
  bool in_block_ = false;
  bool done_ = false;          // pending_ was told
  std::uint64_t discard_ = 0;  // bytes of a data block that is not wanted
  bool ended_ = false;
  protocol::Request request_;
  absl::string_view value_;
  absl::string_view error_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_FUZZ_REQUEST_STREAM_H_

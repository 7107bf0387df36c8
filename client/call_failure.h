// Why a call got no reply.
//
// Thread safety: values only.

#ifndef RINGCACHE_CLIENT_CALL_FAILURE_H_
#define RINGCACHE_CLIENT_CALL_FAILURE_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace ringcache::client {

enum class CallFailure : std::uint8_t {
  kNotConnected,    // refused, unreachable, or within the pause after that: nothing was sent
  kTimedOut,        // no reply within the call's time; the server may have executed it
  kConnectionLost,  // the connection ended before the reply; the server may have executed it
  kProtocolError,   // what came was no reply to this call; the connection was closed
  kQueueFull,       // a bound of the connection was reached: nothing was sent
  kMemberDown,      // the member is marked down: nothing was sent
  kNoMembers,       // the pool has no members yet: nothing was sent
  kClosed,          // the client was closed
};

// Words for people, such as "timed out".
constexpr absl::string_view FailureText(CallFailure failure) {
  switch (failure) {
    case CallFailure::kNotConnected:
      return "cannot connect";
    case CallFailure::kTimedOut:
      return "timed out";
    case CallFailure::kConnectionLost:
      return "connection lost";
    case CallFailure::kProtocolError:
      return "answered what is no reply";
    case CallFailure::kQueueFull:
      return "too much is queued";
    case CallFailure::kMemberDown:
      return "marked down";
    case CallFailure::kNoMembers:
      return "no members found yet";
    case CallFailure::kClosed:
      return "the client was closed";
  }
  return "";
}

// Whether the server cannot have seen the call, so that another may execute it without doubt.
constexpr bool NothingWasSent(CallFailure failure) {
  return failure == CallFailure::kNotConnected || failure == CallFailure::kQueueFull ||
         failure == CallFailure::kMemberDown || failure == CallFailure::kNoMembers;
}

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_CALL_FAILURE_H_

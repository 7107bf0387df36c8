// A reply as routes handle it: what a member said, or what this router says in its place. It owns
// its bytes.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_ROUTER_ROUTE_REPLY_H_
#define RINGCACHE_ROUTER_ROUTE_REPLY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "client/call_failure.h"
#include "client/outgoing_value.h"
#include "protocol/operation.h"
#include "protocol/standard_reply.h"

namespace ringcache::router {

// What a reply amounts to, whatever its operation: the order is that of mcrouter's severity, the
// best first, so that of several replies the worst is the greatest.
enum class Verdict : std::uint8_t {
  kHit,        // VALUE, VA, HD of a retrieval
  kDone,       // STORED, DELETED, TOUCHED, OK, a number, HD
  kMiss,       // END without a value, EN, NOT_FOUND, NF
  kNotStored,  // NOT_STORED, NS
  kExists,     // EXISTS, EX
  kRefused,    // ERROR, CLIENT_ERROR
  kError,      // SERVER_ERROR, or no reply
};

struct Reply {
  protocol::ReplyKind kind = protocol::ReplyKind::kServerError;
  // There was no reply, for this reason; kind is kServerError and `text` has the line for it.
  std::optional<client::CallFailure> failure;
  std::uint32_t client_flags = 0;  // kValue
  bool has_cas = false;            // kValue
  std::uint64_t cas = 0;           // kValue, if has_cas
  std::uint64_t number = 0;        // kNumber
  client::OutgoingValue value;     // kValue, kMetaValue; owned
  // Errors: the whole line without its "\r\n". kVersion: what follows the word; kMetaDebug: what
  // follows the key. Other meta replies: the flags as they came; none in a reply that was made
  // here, to which O and k are added when it is written.
  std::string text;

  bool is_error() const { return verdict() == Verdict::kError; }
  bool is_miss() const { return verdict() == Verdict::kMiss; }
  bool is_hit() const { return verdict() == Verdict::kHit; }
  Verdict verdict() const;
};

// The line, without "\r\n", that tells a client of `failure`, in mcrouter's words:
// "SERVER_ERROR timeout".
absl::string_view FailureLine(client::CallFailure failure);

Reply FailureReply(client::CallFailure failure);
// `line` without "\r\n", such as "SERVER_ERROR rate limited".
Reply ErrorReply(absl::string_view line);
// mcrouter's "default reply", of NullRoute, AllAsyncRoute and rate limits: a miss for what reads,
// deletes, counts and touches; NOT_STORED for what stores.
Reply DefaultReply(protocol::Operation operation);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_REPLY_H_

// Bytes to replies: the client's side of request_parser.h, with the same contract. One reply line
// is read per call, never the value bytes that may follow it, never past `input`; nothing is kept
// between calls.
//
// Thread safety: functions only.

#ifndef RINGCACHE_PROTOCOL_REPLY_PARSER_H_
#define RINGCACHE_PROTOCOL_REPLY_PARSER_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "protocol/operation.h"
#include "protocol/reply.h"

namespace ringcache::protocol {

// A reply line that has no newline within this many bytes is invalid. Lines of dumps and watchers,
// whose keys are percent-encoded, are the longest.
inline constexpr std::size_t kMaxReplyLineBytes = 4096;

enum class ReplyStatus : std::uint8_t {
  kOk,        // `*reply` is filled; `consumed` bytes of line were read
  kNeedMore,  // no complete line yet
  kInvalid,   // not a reply to this operation: the stream is out of step, close the connection
};

struct ReplyResult {
  std::size_t consumed = 0;  // kOk: bytes of the line, its newline included
  ReplyStatus status = ReplyStatus::kNeedMore;
};

// Parses the first reply line of `input`, which answers a request of `operation`. After a kind
// that HasValue() the caller reads `reply->value_bytes` bytes and "\r\n"; EndsReplies() tells
// whether more lines follow. Errors are replies to every operation. A line of another family than
// the operation's (VALUE after a meta get) is invalid.
//
// On kOk `kind` and the fields that reply.h names for it are set, all others keep what they held.
ReplyResult ParseReply(absl::string_view input, Operation operation, Reply* reply);

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_REPLY_PARSER_H_

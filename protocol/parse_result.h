// The outcome of parsing a command line, its errors and its limits. request_parser.h gives it.
//
// Thread safety: plain values and functions.

#ifndef RINGCACHE_PROTOCOL_PARSE_RESULT_H_
#define RINGCACHE_PROTOCOL_PARSE_RESULT_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace ringcache::protocol {

// Retrieval by many keys (get, gets, gat, gats) may use a line of up to this many bytes, its
// newline included; it equals the server's receive buffer, and the server cuts longer lines into
// such parts. All other lines have kMaxLineBytes before their newline.
inline constexpr std::size_t kMaxMultigetLineBytes = std::size_t{64} << 10;
// Leading spaces are skipped; this many of them still let a long retrieval line through.
inline constexpr std::size_t kMaxLeadingSpaces = 100;
// Largest length of a data block that a command line may announce.
inline constexpr std::uint32_t kMaxValueBytes = 0x7fffffff - 2;
// Words of a meta command line (command, key, length and flags) beyond which it is refused.
inline constexpr int kMaxMetaWords = 20;

enum class ParseStatus : std::uint8_t {
  kOk,        // `*request` is filled; `consumed` bytes of line were read
  kNeedMore,  // no complete line yet; call again with more bytes
  kInvalid,   // the line is wrong: answer ErrorText(error) unless `quiet`, drop `consumed` bytes of
              // line and then `discard_bytes` of data block, and go on
  kClose,     // close the connection without a reply; `close_reason` says why
};

enum class ParseError : std::uint8_t {
  kNone,
  kUnknownCommand,  // unknown word, or too few or too many arguments
  kBadCommandLine,  // key too long, number unreadable
  kDeleteUsage,     // delete's second argument is not a number
  kInvalidExptime,  // touch, gat, gats, flush_all
  kInvalidDelta,    // incr, decr
  kDuplicateFlag,   // meta from here on
  kInvalidFlag,
  kInvalidOrDuplicateFlag,  // ma answers both with one line
  kBadToken,
  kOpaqueTooLong,
  kTooManyFlags,
  kInvalidSetMode,
  kInvalidArithmeticMode,
  kInvalidInitialValue,
  kInvalidMetaDelta,
  kUndecodableKey,
};
inline constexpr int kParseErrorCount = static_cast<int>(ParseError::kUndecodableKey) + 1;

enum class CloseReason : std::uint8_t {
  kNone,
  kHttpRequest,     // an unknown command whose last word begins with "HTTP/"
  kLineTooLong,     // no newline within the limit
  kBinaryProtocol,  // the retired binary protocol's magic byte, 0x80
};

struct ParseResult {
  // kOk, kInvalid: bytes of the command line, its newline included.
  std::size_t consumed = 0;
  // kInvalid: length of the data block, its "\r\n" included, that follows the line and must be
  // swallowed so that value bytes are not taken for commands. 0 if no length was readable.
  std::uint64_t discard_bytes = 0;
  ParseStatus status = ParseStatus::kNeedMore;
  ParseError error = ParseError::kNone;           // kInvalid
  CloseReason close_reason = CloseReason::kNone;  // kClose
  // kInvalid: the line carried `noreply`, so no error line is sent (memcached does the same). Meta
  // errors are always sent.
  bool quiet = false;
};

// The line that answers an invalid request, with its "\r\n"; empty for kNone.
absl::string_view ErrorText(ParseError error);

// A name for logs and counters, such as "http_request".
absl::string_view CloseReasonName(CloseReason reason);

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_PARSE_RESULT_H_

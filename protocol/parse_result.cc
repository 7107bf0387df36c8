#include "protocol/parse_result.h"

#include "absl/strings/string_view.h"

namespace ringcache::protocol {

absl::string_view ErrorText(ParseError error) {
  switch (error) {
    case ParseError::kNone:
      return "";
    case ParseError::kUnknownCommand:
      return "ERROR\r\n";
    case ParseError::kBadCommandLine:
      return "CLIENT_ERROR bad command line format\r\n";
    case ParseError::kDeleteUsage:
      return "CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]\r\n";
    case ParseError::kInvalidExptime:
      return "CLIENT_ERROR invalid exptime argument\r\n";
    case ParseError::kInvalidDelta:
      return "CLIENT_ERROR invalid numeric delta argument\r\n";
    case ParseError::kDuplicateFlag:
      return "CLIENT_ERROR duplicate flag\r\n";
    case ParseError::kInvalidFlag:
      return "CLIENT_ERROR invalid flag\r\n";
    case ParseError::kInvalidOrDuplicateFlag:
      return "CLIENT_ERROR invalid or duplicate flag\r\n";
    case ParseError::kBadToken:
      return "CLIENT_ERROR bad token in command line format\r\n";
    case ParseError::kOpaqueTooLong:
      return "CLIENT_ERROR opaque token too long\r\n";
    case ParseError::kTooManyFlags:
      return "CLIENT_ERROR options flags are too long\r\n";
    case ParseError::kInvalidSetMode:
      return "CLIENT_ERROR invalid mode for ms M token\r\n";
    case ParseError::kInvalidArithmeticMode:
      return "CLIENT_ERROR invalid mode for ma M token\r\n";
    case ParseError::kInvalidInitialValue:
      return "CLIENT_ERROR invalid numeric initial value\r\n";
    case ParseError::kInvalidMetaDelta:
      return "CLIENT_ERROR invalid numeric delta value\r\n";
    case ParseError::kUndecodableKey:
      return "CLIENT_ERROR error decoding key\r\n";
  }
  return "";
}

absl::string_view CloseReasonName(CloseReason reason) {
  switch (reason) {
    case CloseReason::kNone:
      return "none";
    case CloseReason::kHttpRequest:
      return "http_request";
    case CloseReason::kLineTooLong:
      return "line_too_long";
    case CloseReason::kBinaryProtocol:
      return "binary_protocol";
  }
  return "none";
}

}  // namespace ringcache::protocol

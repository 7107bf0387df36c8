// Requests to bytes, for clients and the router: the inverse of request_parser.h. Only the command
// line is written; after that of a storage operation the caller sends `value_bytes` bytes and
// "\r\n".
//
// Thread safety: functions only.

#ifndef RINGCACHE_PROTOCOL_REQUEST_WRITER_H_
#define RINGCACHE_PROTOCOL_REQUEST_WRITER_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "protocol/operation.h"
#include "protocol/request.h"

namespace ringcache::protocol {

// Bytes of a command line besides the views it copies: the word, five numbers, all meta flags,
// `noreply`, spaces and newline.
inline constexpr std::size_t kMaxRequestFrameBytes = 384;

// Most bytes that WriteRequest writes for `request`.
inline std::size_t MaxRequestBytes(const Request& request) {
  return kMaxRequestFrameBytes + request.key.size() + request.keys.size() +
         request.arguments.size() + request.meta.text.size() + request.meta.opaque.size();
}

// Writes the command line of `request`, newline included, at `out` and returns the end. `out` has
// room for MaxRequestBytes(request).
//
// The key is written as it stands: REQUIRES IsPlainKey(key), or base64 and key_is_base64. Retrieval
// writes `keys`, or `key` if `keys` is empty. Meta operations write `meta.text` if it is not empty,
// so that a parsed request passes through unchanged; whoever changes a typed flag clears `text`,
// and then every letter of `meta.has` is spelled from its field, in the order of the flag table.
// `quiet` and `key_is_base64` then add q and b.
char* WriteRequest(char* out, const Request& request);

// A retrieval line key by key, for many keys that do not lie together:
//
//   out = WriteRetrievalStart(out, Operation::kGets, 0);    "gets"
//   for (...) out = WriteRetrievalKey(out, key);            " <key>"
//   out = WriteRetrievalEnd(out);                           "\r\n"
//
// A line of more than kMaxMultigetLineBytes is refused by servers: the caller counts.
// REQUIRES: `operation` is kGet, kGets, kGat or kGats; `exptime_s` counts for the last two.
char* WriteRetrievalStart(char* out, Operation operation, std::int64_t exptime_s);
char* WriteRetrievalKey(char* out, absl::string_view key);
char* WriteRetrievalEnd(char* out);

// Most bytes that WriteRetrievalStart writes.
inline constexpr std::size_t kMaxRetrievalStartBytes = 4 + 1 + 20;

// The word that spells `operation`, such as "get".
absl::string_view CommandWord(Operation operation);

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_REQUEST_WRITER_H_

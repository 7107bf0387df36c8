// Base64 keys of the meta commands (flag `b`, RFC 4648 section 4, with padding), into and out of
// the caller's memory.
//
// The decoder is strict: padding must be complete and unused bits zero. So each key has one
// spelling and a reply may return the spelling that was sent.
//
// Thread safety: functions only.

#ifndef RINGCACHE_PROTOCOL_BASE64_KEY_H_
#define RINGCACHE_PROTOCOL_BASE64_KEY_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "protocol/request.h"

namespace ringcache::protocol {

// Bytes that `bytes` bytes take as base64.
constexpr std::size_t Base64Bytes(std::size_t bytes) { return (bytes + 2) / 3 * 4; }
// Longest spelling of a key on the wire.
inline constexpr std::size_t kMaxBase64KeyBytes = Base64Bytes(kMaxKeyBytes);

// Whether `text` is well-formed base64, and of how many bytes; -1 if it is not.
std::ptrdiff_t Base64DecodedBytes(absl::string_view text);

// Decodes `text` into `out` and returns the decoded view into it. Empty if `text` is not base64 of
// 1 .. kMaxKeyBytes bytes.
absl::string_view DecodeKey(absl::string_view text, char (&out)[kMaxKeyBytes]);

// The bytes of a request's key: the key itself, or its decoded form in `scratch`.
inline absl::string_view KeyBytes(const Request& request, char (&scratch)[kMaxKeyBytes]) {
  return request.key_is_base64 ? DecodeKey(request.key, scratch) : request.key;
}

// Writes Base64Bytes(key.size()) bytes at `out` and returns the end.
char* WriteBase64(char* out, absl::string_view key);

// Whether a key can be written as it is: 1 .. kMaxKeyBytes bytes, none of them a space or a control
// byte. Any other key of these lengths needs base64.
bool IsPlainKey(absl::string_view key);

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_BASE64_KEY_H_

// Replies to bytes, for the server's hot path: each function writes at a cursor and returns the
// end. The caller has room for the documented maximum; nothing here checks or allocates.
//
// A meta reply is a code, the flags that were asked for in the order of the request, and a newline:
//
//   char* out = WriteMetaValue(cursor, value_bytes);     VA 5
//   out = WriteReturnFlag(out, 't', ttl_s);              VA 5 t30
//   out = WriteNewline(out);                             then value bytes and WriteNewline again
//
// Thread safety: functions only.

#ifndef RINGCACHE_PROTOCOL_REPLY_WRITER_H_
#define RINGCACHE_PROTOCOL_REPLY_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"
#include "protocol/base64_key.h"
#include "protocol/decimal.h"
#include "protocol/key_iterator.h"
#include "protocol/request.h"
#include "protocol/standard_reply.h"

namespace ringcache::protocol {

// Most bytes that each writer below writes.
inline constexpr std::size_t kMaxValueHeaderBytes =
    sizeof("VALUE ") - 1 + kMaxKeyBytes + 1 + 10 + 1 + 10 + 1 + kMaxDecimalBytes + 2;
inline constexpr std::size_t kMaxNumberReplyBytes = kMaxDecimalBytes + 2;
inline constexpr std::size_t kMaxReturnFlagBytes = 2 + kMaxDecimalBytes;
inline constexpr std::size_t kMaxReturnedKeyBytes = 2 + kMaxBase64KeyBytes + 2;
inline constexpr std::size_t kMaxReturnedOpaqueBytes = 2 + kMaxOpaqueBytes;
// A whole meta reply line: code and size, c f h l s t, k, O, W X Z, newline.
inline constexpr std::size_t kMaxMetaHeaderBytes =
    3 + 10 + 6 * kMaxReturnFlagBytes + kMaxReturnedKeyBytes + kMaxReturnedOpaqueBytes + 3 * 2 + 2;
inline constexpr std::size_t kMaxDebugReplyBytes = 3 + kMaxBase64KeyBytes + 5 * 26 + 10 + 2;

inline char* WriteText(char* out, absl::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

inline char* WriteReply(char* out, StandardReply reply) { return WriteText(out, ReplyText(reply)); }

inline char* WriteNewline(char* out) {
  std::memcpy(out, "\r\n", 2);
  return out + 2;
}

// "VALUE <key> <client flags> <bytes>\r\n"
inline char* WriteValueHeader(char* out, absl::string_view key, std::uint32_t client_flags,
                              std::uint32_t value_bytes) {
  std::memcpy(out, "VALUE ", 6);
  out = WriteText(out + 6, key);
  *out++ = ' ';
  out = WriteUint64(out, client_flags);
  *out++ = ' ';
  return WriteNewline(WriteUint64(out, value_bytes));
}

// "VALUE <key> <client flags> <bytes> <cas>\r\n", for gets and gats.
inline char* WriteValueHeader(char* out, absl::string_view key, std::uint32_t client_flags,
                              std::uint32_t value_bytes, std::uint64_t cas) {
  out = WriteValueHeader(out, key, client_flags, value_bytes) - 2;
  *out++ = ' ';
  return WriteNewline(WriteUint64(out, cas));
}

// "CONFIG <key> 0 <bytes>\r\n", for config get; the data block and END follow. At most
// kMaxValueHeaderBytes.
inline char* WriteConfigHeader(char* out, absl::string_view key, std::uint32_t value_bytes) {
  out = WriteText(WriteText(out, "CONFIG "), key);
  return WriteNewline(WriteUint64(WriteText(out, " 0 "), value_bytes));
}

// "<number>\r\n", for incr and decr.
inline char* WriteNumberReply(char* out, std::uint64_t number) {
  return WriteNewline(WriteUint64(out, number));
}

// "STAT <name> <value>\r\n": 8 bytes more than name and value.
inline char* WriteStat(char* out, absl::string_view name, absl::string_view value) {
  std::memcpy(out, "STAT ", 5);
  out = WriteText(out + 5, name);
  *out++ = ' ';
  return WriteNewline(WriteText(out, value));
}

// "VA <bytes>"; flags and newline follow.
inline char* WriteMetaValue(char* out, std::uint32_t value_bytes) {
  std::memcpy(out, "VA ", 3);
  return WriteUint64(out + 3, value_bytes);
}

// The two letters of kMetaDone (HD), kMetaMiss (EN), kMetaNotFound (NF), kMetaNotStored (NS) or
// kMetaExists (EX); flags and newline follow. REQUIRES: `kind` is one of these.
inline char* WriteMetaCode(char* out, ReplyKind kind) {
  const char* code = "HD";
  if (kind == ReplyKind::kMetaMiss) code = "EN";
  if (kind == ReplyKind::kMetaNotFound) code = "NF";
  if (kind == ReplyKind::kMetaNotStored) code = "NS";
  if (kind == ReplyKind::kMetaExists) code = "EX";
  std::memcpy(out, code, 2);
  return out + 2;
}

// " <letter>": W, X and Z, which follow the requested flags.
inline char* WriteReturnFlag(char* out, char letter) {
  out[0] = ' ';
  out[1] = letter;
  return out + 2;
}

// " <letter><number>": c, f, h, l, s, and t (-1 for an item that never expires).
inline char* WriteReturnFlag(char* out, char letter, std::uint64_t number) {
  return WriteUint64(WriteReturnFlag(out, letter), number);
}
inline char* WriteReturnFlag(char* out, char letter, std::int64_t number) {
  return WriteInt64(WriteReturnFlag(out, letter), number);
}
inline char* WriteReturnFlag(char* out, char letter, std::uint32_t number) {
  return WriteUint64(WriteReturnFlag(out, letter), number);
}
inline char* WriteReturnFlag(char* out, char letter, int number) {
  return WriteInt64(WriteReturnFlag(out, letter), number);
}

// " O<opaque>": the flag O as it was sent.
inline char* WriteReturnedOpaque(char* out, const Request& request) {
  return WriteText(WriteReturnFlag(out, 'O'), request.meta.opaque);
}

// " k<key>", as sent; " k<key> b" if it was sent as base64.
inline char* WriteReturnedKey(char* out, const Request& request) {
  out = WriteText(WriteReturnFlag(out, 'k'), request.key);
  return request.key_is_base64 ? WriteReturnFlag(out, 'b') : out;
}

// The flags that every reply returns, a miss too: O and k, in the order of the request.
inline char* WriteReturnedIdentity(char* out, const Request& request) {
  if (!request.meta.has.Has('O') && !request.meta.has.Has('k')) return out;
  MetaFlagIterator flags(request.meta.text);
  for (MetaFlag flag; flags.Next(&flag);) {
    if (flag.letter == 'O') out = WriteReturnedOpaque(out, request);
    if (flag.letter == 'k') out = WriteReturnedKey(out, request);
  }
  return out;
}

// A whole meta reply without a value: code, O and k as asked for, newline. At most
// kMaxMetaHeaderBytes.
inline char* WriteMetaReply(char* out, ReplyKind kind, const Request& request) {
  return WriteNewline(WriteReturnedIdentity(WriteMetaCode(out, kind), request));
}

// What `me` tells about an item.
struct ItemDebugInfo {
  std::int64_t ttl_s = -1;  // -1: never expires
  std::uint64_t last_access_s = 0;
  std::uint64_t cas = 0;
  bool fetched = false;
  std::uint32_t size_class = 0;
  std::uint64_t item_bytes = 0;
};

// "ME <key> exp=<ttl> la=<age> cas=<n> fetch=<yes|no> cls=<n> size=<n>\r\n", the key as it was
// sent. At most kMaxDebugReplyBytes.
char* WriteDebugReply(char* out, const Request& request, const ItemDebugInfo& item);

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_REPLY_WRITER_H_

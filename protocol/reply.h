// A reply as a client or the router sees it: a kind and its typed fields. reply_parser.h produces
// it.
//
// Views point into the bytes that were parsed and are valid as long as these stay where they are. A
// reply never holds value bytes: it carries the length of the data block (HasValue).
//
// Thread safety: a plain value.

#ifndef RINGCACHE_PROTOCOL_REPLY_H_
#define RINGCACHE_PROTOCOL_REPLY_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "protocol/operation.h"
#include "protocol/request.h"
#include "protocol/standard_reply.h"

namespace ringcache::protocol {

// The flags of a meta reply. A field is meaningful only if `has.Has(letter)`; W (won the right to
// recache), X (stale) and Z (another client won) are known by `has` alone.
struct MetaReplyFlags {
  MetaFlagSet has;
  absl::string_view text;           // all flags as received
  absl::string_view opaque;         // O
  std::uint64_t cas = 0;            // c
  std::uint64_t item_bytes = 0;     // s
  std::uint64_t last_access_s = 0;  // l
  std::int64_t ttl_s = 0;           // t; -1 never expires
  std::uint32_t client_flags = 0;   // f
  bool hit_before = false;          // h
};

struct Reply {
  ReplyKind kind = ReplyKind::kError;
  bool has_cas = false;        // kValue: a CAS id was given (gets, gats)
  bool key_is_base64 = false;  // meta: `b` was returned
  // kValue, kConfig; meta replies with `k`, and kMetaDebug; kStat: the name.
  absl::string_view key;
  // kValue, kConfig, kMetaValue: length of the data block that follows, without its "\r\n".
  std::uint32_t value_bytes = 0;
  std::uint32_t client_flags = 0;  // kValue, kConfig
  std::uint64_t cas = 0;           // kValue, if has_cas
  std::uint64_t number = 0;        // kNumber
  // kVersion and kStat: what follows the word or the name. kMetaDebug: what follows the key.
  // kError, kClientError, kServerError, kText: the whole line. Never with its "\r\n".
  absl::string_view text;
  MetaReplyFlags meta;  // kMeta...
};

// Whether a data block ("<value_bytes> bytes\r\n") follows the reply's line.
constexpr bool HasValue(ReplyKind kind) {
  return kind == ReplyKind::kValue || kind == ReplyKind::kConfig || kind == ReplyKind::kMetaValue;
}

constexpr bool IsError(ReplyKind kind) {
  return kind == ReplyKind::kError || kind == ReplyKind::kClientError ||
         kind == ReplyKind::kServerError;
}

// Whether `kind` ends the replies to one request of `operation`: retrieval, config and stats are
// answered by any number of lines and END; watch never ends. A dump of the LRU crawler is not known
// by its operation alone: who asks for one reads kText lines up to END or EN.
constexpr bool EndsReplies(Operation operation, ReplyKind kind) {
  switch (operation) {
    case Operation::kGet:
    case Operation::kGets:
    case Operation::kGat:
    case Operation::kGats:
      return kind != ReplyKind::kValue;
    case Operation::kConfig:
      return kind != ReplyKind::kConfig;
    case Operation::kStats:
      return kind != ReplyKind::kStat && kind != ReplyKind::kText;
    case Operation::kWatch:
      return IsError(kind);
    case Operation::kSet:
    case Operation::kAdd:
    case Operation::kReplace:
    case Operation::kAppend:
    case Operation::kPrepend:
    case Operation::kCas:
    case Operation::kDelete:
    case Operation::kIncrement:
    case Operation::kDecrement:
    case Operation::kTouch:
    case Operation::kMetaGet:
    case Operation::kMetaSet:
    case Operation::kMetaDelete:
    case Operation::kMetaArithmetic:
    case Operation::kMetaDebug:
    case Operation::kMetaNoOp:
    case Operation::kFlushAll:
    case Operation::kVersion:
    case Operation::kVerbosity:
    case Operation::kQuit:
    case Operation::kShutdown:
    case Operation::kCacheMemlimit:
    case Operation::kSlabs:
    case Operation::kLru:
    case Operation::kLruCrawler:
    case Operation::kDebugTime:
      return true;
  }
  return true;
}

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_REPLY_H_

// The kinds of reply, the texts of all replies that never vary, and which replies `quiet` hides.
//
// Thread safety: constants and pure functions.

#ifndef RINGCACHE_PROTOCOL_STANDARD_REPLY_H_
#define RINGCACHE_PROTOCOL_STANDARD_REPLY_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "protocol/operation.h"

namespace ringcache::protocol {

// What a reply line is. The meta codes have kinds of their own: they are other words for other
// operations, and a client asks for one or the other.
enum class ReplyKind : std::uint8_t {
  // Classic.
  kValue,   // VALUE <key> <flags> <bytes> [<cas>], then the data block
  kConfig,  // CONFIG <key> <flags> <bytes>, then the data block
  kEnd,
  kStored,
  kNotStored,
  kExists,
  kNotFound,
  kDeleted,
  kTouched,
  kNumber,  // incr, decr
  kOk,
  kReset,
  kVersion,
  kStat,
  // Meta.
  kMetaValue,      // VA <bytes> <flags>*, then the data block
  kMetaDone,       // HD
  kMetaMiss,       // EN
  kMetaNotFound,   // NF
  kMetaNotStored,  // NS
  kMetaExists,     // EX
  kMetaDebug,      // ME
  kMetaNoOp,       // MN
  // Errors: the line in full, without its "\r\n".
  kError,
  kClientError,
  kServerError,
  // A line of a server command that has no kind of its own (BUSY ..., watcher and dump lines).
  kText,
};
inline constexpr int kReplyKindCount = static_cast<int>(ReplyKind::kText) + 1;

// The replies that never vary, each one row of kStandardReplies.
enum class StandardReply : std::uint8_t {
  kEnd,
  kStored,
  kNotStored,
  kExists,
  kNotFound,
  kDeleted,
  kTouched,
  kOk,
  kReset,
  kMetaMiss,
  kMetaNoOp,
  kError,
  kTooManyConnections,
  kCannotPipelineWatch,
  kCannotPipelineMetadump,
  kCannotPipelineMgdump,
  kMetadumpNotAllowed,
  kKeyDumpNotAllowed,
  kCrawlerFailedToStart,
  kIncompleteCommandLine,
  kBadCommandLine,
  kBadDataChunk,
  kNonNumeric,
  kFlushNotAllowed,
  kUnauthenticated,
  kAuthenticationFailure,
  kBadAuthToken,
  kBadAuthTermination,
  kAuthTokenTooLong,
  kStatsDetailUsage,
  kStatsDetailNotAllowed,
  kStatsCachedumpNotAllowed,
  kIllegalSlabId,
  kWatchNotAllowed,
  kCrawlerDisabled,
  kCrawlerSleepTooLong,
  kReassignmentDisabled,
  kInvalidShutdownMode,
  kTooLarge,
  kOutOfMemory,
  kOutOfMemoryMeta,
  kOutOfMemoryReading,
  kShutdownNotEnabled,
  kMemlimitTooSmall,
  kMemlimitAdjustFailed,
  kReassignBusy,
  kReassignBadClass,
  kReassignNoSpare,
  kReassignSameClass,
  kCrawlerBusy,
  kCrawlerBadClass,
  kCrawlerNotStarted,
  kWatcherTooMany,
  kWatcherFailed,
};
inline constexpr int kStandardReplyCount = static_cast<int>(StandardReply::kWatcherFailed) + 1;

struct StandardReplyRow {
  StandardReply reply;
  ReplyKind kind;
  absl::string_view text;  // with "\r\n"
};

inline constexpr std::array<StandardReplyRow, kStandardReplyCount> kStandardReplies = {{
    {StandardReply::kEnd, ReplyKind::kEnd, "END\r\n"},
    {StandardReply::kStored, ReplyKind::kStored, "STORED\r\n"},
    {StandardReply::kNotStored, ReplyKind::kNotStored, "NOT_STORED\r\n"},
    {StandardReply::kExists, ReplyKind::kExists, "EXISTS\r\n"},
    {StandardReply::kNotFound, ReplyKind::kNotFound, "NOT_FOUND\r\n"},
    {StandardReply::kDeleted, ReplyKind::kDeleted, "DELETED\r\n"},
    {StandardReply::kTouched, ReplyKind::kTouched, "TOUCHED\r\n"},
    {StandardReply::kOk, ReplyKind::kOk, "OK\r\n"},
    {StandardReply::kReset, ReplyKind::kReset, "RESET\r\n"},
    {StandardReply::kMetaMiss, ReplyKind::kMetaMiss, "EN\r\n"},
    {StandardReply::kMetaNoOp, ReplyKind::kMetaNoOp, "MN\r\n"},
    {StandardReply::kError, ReplyKind::kError, "ERROR\r\n"},
    {StandardReply::kTooManyConnections, ReplyKind::kError, "ERROR Too many open connections\r\n"},
    {StandardReply::kCannotPipelineWatch, ReplyKind::kError,
     "ERROR cannot pipeline other commands before watch\r\n"},
    {StandardReply::kCannotPipelineMetadump, ReplyKind::kError,
     "ERROR cannot pipeline other commands before metadump\r\n"},
    {StandardReply::kCannotPipelineMgdump, ReplyKind::kError,
     "ERROR cannot pipeline other commands before mgdump\r\n"},
    {StandardReply::kMetadumpNotAllowed, ReplyKind::kError, "ERROR metadump not allowed\r\n"},
    {StandardReply::kKeyDumpNotAllowed, ReplyKind::kError, "ERROR key dump not allowed\r\n"},
    {StandardReply::kCrawlerFailedToStart, ReplyKind::kError,
     "ERROR failed to start lru crawler thread\r\n"},
    {StandardReply::kIncompleteCommandLine, ReplyKind::kClientError,
     "CLIENT_ERROR bad command line\r\n"},
    {StandardReply::kBadCommandLine, ReplyKind::kClientError,
     "CLIENT_ERROR bad command line format\r\n"},
    {StandardReply::kBadDataChunk, ReplyKind::kClientError, "CLIENT_ERROR bad data chunk\r\n"},
    {StandardReply::kNonNumeric, ReplyKind::kClientError,
     "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n"},
    {StandardReply::kFlushNotAllowed, ReplyKind::kClientError,
     "CLIENT_ERROR flush_all not allowed\r\n"},
    {StandardReply::kUnauthenticated, ReplyKind::kClientError, "CLIENT_ERROR unauthenticated\r\n"},
    {StandardReply::kAuthenticationFailure, ReplyKind::kClientError,
     "CLIENT_ERROR authentication failure\r\n"},
    {StandardReply::kBadAuthToken, ReplyKind::kClientError,
     "CLIENT_ERROR bad authentication token format\r\n"},
    {StandardReply::kBadAuthTermination, ReplyKind::kClientError,
     "CLIENT_ERROR bad command line termination\r\n"},
    {StandardReply::kAuthTokenTooLong, ReplyKind::kClientError,
     "CLIENT_ERROR authentication token too long\r\n"},
    {StandardReply::kStatsDetailUsage, ReplyKind::kClientError,
     "CLIENT_ERROR usage: stats detail on|off|dump\r\n"},
    {StandardReply::kStatsDetailNotAllowed, ReplyKind::kClientError,
     "CLIENT_ERROR stats detail not allowed\r\n"},
    {StandardReply::kStatsCachedumpNotAllowed, ReplyKind::kClientError,
     "CLIENT_ERROR stats cachedump not allowed\r\n"},
    {StandardReply::kIllegalSlabId, ReplyKind::kClientError, "CLIENT_ERROR Illegal slab id\r\n"},
    {StandardReply::kWatchNotAllowed, ReplyKind::kClientError,
     "CLIENT_ERROR watch commands not allowed\r\n"},
    {StandardReply::kCrawlerDisabled, ReplyKind::kClientError,
     "CLIENT_ERROR lru crawler disabled\r\n"},
    {StandardReply::kCrawlerSleepTooLong, ReplyKind::kClientError,
     "CLIENT_ERROR sleep must be one second or less\r\n"},
    {StandardReply::kReassignmentDisabled, ReplyKind::kClientError,
     "CLIENT_ERROR slab reassignment disabled\r\n"},
    {StandardReply::kInvalidShutdownMode, ReplyKind::kClientError,
     "CLIENT_ERROR invalid shutdown mode\r\n"},
    {StandardReply::kTooLarge, ReplyKind::kServerError,
     "SERVER_ERROR object too large for cache\r\n"},
    {StandardReply::kOutOfMemory, ReplyKind::kServerError,
     "SERVER_ERROR out of memory storing object\r\n"},
    {StandardReply::kOutOfMemoryMeta, ReplyKind::kServerError, "SERVER_ERROR out of memory\r\n"},
    {StandardReply::kOutOfMemoryReading, ReplyKind::kServerError,
     "SERVER_ERROR out of memory reading request\r\n"},
    // Not a slip: this line has a colon where the other server errors have a space.
    {StandardReply::kShutdownNotEnabled, ReplyKind::kServerError,
     "SERVER_ERROR: shutdown not enabled\r\n"},
    {StandardReply::kMemlimitTooSmall, ReplyKind::kText,
     "MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m\r\n"},
    {StandardReply::kMemlimitAdjustFailed, ReplyKind::kText,
     "MEMLIMIT_ADJUST_FAILED input value is out of range\r\n"},
    {StandardReply::kReassignBusy, ReplyKind::kText,
     "BUSY currently processing reassign request\r\n"},
    {StandardReply::kReassignBadClass, ReplyKind::kText,
     "BADCLASS invalid src or dst class id\r\n"},
    {StandardReply::kReassignNoSpare, ReplyKind::kText,
     "NOSPARE source class has no spare pages\r\n"},
    {StandardReply::kReassignSameClass, ReplyKind::kText,
     "SAME src and dst class are identical\r\n"},
    {StandardReply::kCrawlerBusy, ReplyKind::kText,
     "BUSY currently processing crawler request\r\n"},
    {StandardReply::kCrawlerBadClass, ReplyKind::kText, "BADCLASS invalid class id\r\n"},
    {StandardReply::kCrawlerNotStarted, ReplyKind::kText, "NOTSTARTED no items to crawl\r\n"},
    {StandardReply::kWatcherTooMany, ReplyKind::kText,
     "WATCHER_TOO_MANY log watcher limit reached\r\n"},
    {StandardReply::kWatcherFailed, ReplyKind::kText,
     "WATCHER_FAILED failed to add log watcher\r\n"},
}};

constexpr bool StandardRepliesAreInOrder() {
  for (int i = 0; i < kStandardReplyCount; ++i) {
    const StandardReplyRow& row = kStandardReplies[static_cast<std::size_t>(i)];
    if (static_cast<int>(row.reply) != i) return false;
    if (row.text.size() < 3 || row.text[row.text.size() - 1] != '\n') return false;
  }
  return true;
}
static_assert(StandardRepliesAreInOrder(), "one row per StandardReply, in its order, with \\r\\n");

// The line with its "\r\n".
constexpr absl::string_view ReplyText(StandardReply reply) {
  return kStandardReplies[static_cast<std::size_t>(reply)].text;
}

constexpr ReplyKind KindOf(StandardReply reply) {
  return kStandardReplies[static_cast<std::size_t>(reply)].kind;
}

// Whether a quiet request (Request::quiet) of `operation` leaves out a reply of `kind`.
//   classic `noreply`: hides every reply, errors included, as memcached does; retrieval, stats and
//     the like know no `noreply` and hide nothing
//   mg `q`: hides the miss (EN) only
//   ms, md, ma `q`: hides success (HD; for ma VA too) only
// Errors of meta operations are always sent.
constexpr bool QuietHides(Operation operation, ReplyKind kind) {
  switch (operation) {
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
    case Operation::kFlushAll:
    case Operation::kVerbosity:
    case Operation::kCacheMemlimit:
    case Operation::kSlabs:
    case Operation::kLru:
      return true;
    case Operation::kMetaGet:
      return kind == ReplyKind::kMetaMiss;
    case Operation::kMetaSet:
    case Operation::kMetaDelete:
      return kind == ReplyKind::kMetaDone;
    case Operation::kMetaArithmetic:
      return kind == ReplyKind::kMetaDone || kind == ReplyKind::kMetaValue;
    case Operation::kGet:
    case Operation::kGets:
    case Operation::kGat:
    case Operation::kGats:
    case Operation::kMetaDebug:
    case Operation::kMetaNoOp:
    case Operation::kVersion:
    case Operation::kQuit:
    case Operation::kStats:
    case Operation::kShutdown:
    case Operation::kLruCrawler:
    case Operation::kWatch:
    case Operation::kDebugTime:
    case Operation::kConfig:
      return false;
  }
  return false;
}

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_STANDARD_REPLY_H_

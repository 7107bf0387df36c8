#include "protocol/reply_parser.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "protocol/decimal.h"
#include "protocol/key_iterator.h"
#include "protocol/line_cursor.h"
#include "protocol/operation.h"
#include "protocol/parse_result.h"
#include "protocol/reply.h"

namespace ringcache::protocol {
namespace {

constexpr std::uint64_t Bit(ReplyKind kind) { return std::uint64_t{1} << static_cast<int>(kind); }
static_assert(kReplyKindCount <= 64);

// The kinds, errors aside, that may answer `operation`.
std::uint64_t AnswersTo(Operation operation) {
  switch (operation) {
    case Operation::kGet:
    case Operation::kGets:
    case Operation::kGat:
    case Operation::kGats:
      return Bit(ReplyKind::kValue) | Bit(ReplyKind::kEnd);
    case Operation::kSet:
    case Operation::kAdd:
    case Operation::kReplace:
    case Operation::kAppend:
    case Operation::kPrepend:
    case Operation::kCas:
      return Bit(ReplyKind::kStored) | Bit(ReplyKind::kNotStored) | Bit(ReplyKind::kExists) |
             Bit(ReplyKind::kNotFound);
    case Operation::kDelete:
      return Bit(ReplyKind::kDeleted) | Bit(ReplyKind::kNotFound);
    case Operation::kIncrement:
    case Operation::kDecrement:
      return Bit(ReplyKind::kNumber) | Bit(ReplyKind::kNotFound);
    case Operation::kTouch:
      return Bit(ReplyKind::kTouched) | Bit(ReplyKind::kNotFound);
    case Operation::kMetaGet:
    case Operation::kMetaSet:
    case Operation::kMetaDelete:
    case Operation::kMetaArithmetic:
      return Bit(ReplyKind::kMetaValue) | Bit(ReplyKind::kMetaDone) | Bit(ReplyKind::kMetaMiss) |
             Bit(ReplyKind::kMetaNotFound) | Bit(ReplyKind::kMetaNotStored) |
             Bit(ReplyKind::kMetaExists);
    case Operation::kMetaDebug:
      return Bit(ReplyKind::kMetaDebug) | Bit(ReplyKind::kMetaMiss);
    case Operation::kMetaNoOp:
      return Bit(ReplyKind::kMetaNoOp);
    case Operation::kVersion:
      return Bit(ReplyKind::kVersion);
    case Operation::kStats:
      return Bit(ReplyKind::kStat) | Bit(ReplyKind::kEnd) | Bit(ReplyKind::kReset) |
             Bit(ReplyKind::kOk) | Bit(ReplyKind::kText);
    case Operation::kFlushAll:
    case Operation::kVerbosity:
      return Bit(ReplyKind::kOk);
    case Operation::kQuit:
      return 0;
    case Operation::kShutdown:
    case Operation::kCacheMemlimit:
    case Operation::kSlabs:
    case Operation::kLru:
    case Operation::kWatch:
    case Operation::kDebugTime:
      return Bit(ReplyKind::kOk) | Bit(ReplyKind::kText);
    case Operation::kLruCrawler:
      return Bit(ReplyKind::kOk) | Bit(ReplyKind::kText) | Bit(ReplyKind::kEnd) |
             Bit(ReplyKind::kMetaMiss);
    case Operation::kConfig:
      return Bit(ReplyKind::kConfig) | Bit(ReplyKind::kEnd);
  }
  return 0;
}

// The kind that `line` looks like; kText if it is none of the known ones.
ReplyKind KindOfWord(absl::string_view word) {
  switch (word.size()) {
    case 2:
      if (word == "VA") return ReplyKind::kMetaValue;
      if (word == "HD") return ReplyKind::kMetaDone;
      if (word == "EN") return ReplyKind::kMetaMiss;
      if (word == "NF") return ReplyKind::kMetaNotFound;
      if (word == "NS") return ReplyKind::kMetaNotStored;
      if (word == "EX") return ReplyKind::kMetaExists;
      if (word == "ME") return ReplyKind::kMetaDebug;
      if (word == "MN") return ReplyKind::kMetaNoOp;
      if (word == "OK") return ReplyKind::kOk;
      break;
    case 3:
      if (word == "END") return ReplyKind::kEnd;
      break;
    case 4:
      if (word == "STAT") return ReplyKind::kStat;
      break;
    case 5:
      if (word == "VALUE") return ReplyKind::kValue;
      if (word == "RESET") return ReplyKind::kReset;
      break;
    case 6:
      if (word == "STORED") return ReplyKind::kStored;
      if (word == "EXISTS") return ReplyKind::kExists;
      if (word == "CONFIG") return ReplyKind::kConfig;
      break;
    case 7:
      if (word == "DELETED") return ReplyKind::kDeleted;
      if (word == "TOUCHED") return ReplyKind::kTouched;
      if (word == "VERSION") return ReplyKind::kVersion;
      break;
    case 9:
      if (word == "NOT_FOUND") return ReplyKind::kNotFound;
      break;
    case 10:
      if (word == "NOT_STORED") return ReplyKind::kNotStored;
      break;
  }
  if (!word.empty() && word.front() >= '0' && word.front() <= '9') return ReplyKind::kNumber;
  // Some error lines glue a colon to the first word.
  if (absl::StartsWith(word, "ERROR")) return ReplyKind::kError;
  if (absl::StartsWith(word, "CLIENT_ERROR")) return ReplyKind::kClientError;
  if (absl::StartsWith(word, "SERVER_ERROR")) return ReplyKind::kServerError;
  return ReplyKind::kText;
}

bool ReadSize(LineCursor* line, std::uint32_t* value_bytes) {
  return line->Uint32(value_bytes) && *value_bytes <= kMaxValueBytes;
}

// <key> <flags> <bytes> [<cas>]
bool ReadValue(LineCursor line, Reply* reply) {
  reply->key = line.Word();
  if (reply->key.empty() || reply->key.size() > kMaxKeyBytes) return false;
  if (!line.Uint32(&reply->client_flags) || !ReadSize(&line, &reply->value_bytes)) return false;
  reply->has_cas = !line.AtEnd();
  return !reply->has_cas || (line.Uint64(&reply->cas) && line.AtEnd());
}

bool StoreReturnFlag(const MetaFlag& flag, Reply* reply) {
  MetaReplyFlags& flags = reply->meta;
  switch (flag.letter) {
    case 'O':
      flags.opaque = flag.token;
      return flag.token.size() <= kMaxOpaqueBytes;
    case 'b':
      reply->key_is_base64 = true;
      return true;
    case 'c':
      return ParseUint64(flag.token, &flags.cas);
    case 'f':
      return ParseUint32(flag.token, &flags.client_flags);
    case 'h':
      flags.hit_before = flag.token == "1";
      return flag.token == "0" || flag.token == "1";
    case 'k':
      reply->key = flag.token;
      return !flag.token.empty();
    case 'l':
      return ParseUint64(flag.token, &flags.last_access_s);
    case 's':
      return ParseUint64(flag.token, &flags.item_bytes);
    case 't':
      return ParseInt64(flag.token, &flags.ttl_s);
  }
  return true;  // W, X, Z, and letters of newer servers
}

bool ReadReturnFlags(LineCursor line, Reply* reply) {
  reply->key = absl::string_view();
  reply->key_is_base64 = false;
  reply->meta.has = MetaFlagSet();
  reply->meta.text = line.Rest();
  MetaFlagIterator flags(reply->meta.text);
  for (MetaFlag flag; flags.Next(&flag);) {
    const char lower = static_cast<char>(flag.letter | 0x20);
    if (lower < 'a' || lower > 'z') return false;
    reply->meta.has.Add(flag.letter);
    if (!StoreReturnFlag(flag, reply)) return false;
  }
  return true;
}

// Fills the fields that belong to `reply->kind` from the words after the first.
bool ReadFields(absl::string_view line, LineCursor rest, Reply* reply) {
  switch (reply->kind) {
    case ReplyKind::kValue:
    case ReplyKind::kConfig:
      return ReadValue(rest, reply);
    case ReplyKind::kMetaValue:
      return ReadSize(&rest, &reply->value_bytes) && ReadReturnFlags(rest, reply);
    case ReplyKind::kMetaDone:
    case ReplyKind::kMetaMiss:
    case ReplyKind::kMetaNotFound:
    case ReplyKind::kMetaNotStored:
    case ReplyKind::kMetaExists:
      return ReadReturnFlags(rest, reply);
    case ReplyKind::kMetaDebug:
    case ReplyKind::kStat:
      reply->key = rest.Word();
      reply->text = rest.Rest();
      return !reply->key.empty();
    case ReplyKind::kNumber: {
      LineCursor number(line);
      return number.Uint64(&reply->number) && number.AtEnd();
    }
    case ReplyKind::kVersion:
      reply->text = rest.Rest();
      return true;
    case ReplyKind::kEnd:
    case ReplyKind::kStored:
    case ReplyKind::kNotStored:
    case ReplyKind::kExists:
    case ReplyKind::kNotFound:
    case ReplyKind::kDeleted:
    case ReplyKind::kTouched:
    case ReplyKind::kOk:
    case ReplyKind::kReset:
    case ReplyKind::kMetaNoOp:
      return rest.AtEnd();
    case ReplyKind::kError:
    case ReplyKind::kClientError:
    case ReplyKind::kServerError:
    case ReplyKind::kText:
      reply->text = line;
      return true;
  }
  return false;
}

}  // namespace

ReplyResult ParseReply(absl::string_view input, Operation operation, Reply* reply) {
  ReplyResult result;
  if (input.empty()) return result;
  const char* newline = static_cast<const char*>(
      std::memchr(input.data(), '\n', std::min(input.size(), kMaxReplyLineBytes)));
  if (newline == nullptr) {
    if (input.size() >= kMaxReplyLineBytes) result.status = ReplyStatus::kInvalid;
    return result;
  }
  std::size_t size = static_cast<std::size_t>(newline - input.data());
  result.consumed = size + 1;
  if (size > 0 && newline[-1] == '\r') --size;
  const absl::string_view line = input.substr(0, size);

  LineCursor cursor(line);
  reply->kind = KindOfWord(cursor.Word());
  const std::uint64_t answers = AnswersTo(operation);
  bool valid = IsError(reply->kind) || (answers & Bit(reply->kind)) != 0;
  if (!valid && (answers & Bit(ReplyKind::kText)) != 0) {
    reply->kind = ReplyKind::kText;  // a free line that begins like one of the known ones
    valid = true;
  }
  valid = valid && ReadFields(line, cursor, reply);
  result.status = valid ? ReplyStatus::kOk : ReplyStatus::kInvalid;
  return result;
}

}  // namespace ringcache::protocol

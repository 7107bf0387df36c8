// Handlers of the meta commands; protocol.txt, "Meta Get" and following.

#include <utility>

#include "protocol/reply_writer.h"
#include "server/command_executor.h"
#include "server/value_reply.h"

namespace ringcache::server {

using protocol::MetaFlag;
using protocol::MetaFlagIterator;
using protocol::MetaFlags;
using protocol::QuietHides;
using protocol::ReplyKind;
using protocol::Request;
using protocol::StandardReply;
using storage::StoreOutcome;

namespace {

// A reply that is a code, O and k.
void AppendMetaReply(const Command& command, ReplyKind kind, ReplyBuffer* reply) {
  const Request& request = command.request;
  if (request.quiet && QuietHides(request.operation, kind)) return;
  reply->Commit(
      protocol::WriteMetaReply(reply->Reserve(protocol::kMaxMetaHeaderBytes), kind, request));
}

// What ms and ma answer to a flag of any command that stores; nothing to the others.
char* WriteStoredFlag(char* out, char letter, const Request& request,
                      const storage::StoreResult& result) {
  switch (letter) {
    case 'c':
      return protocol::WriteReturnFlag(out, 'c', result.cas);
    case 'k':
      return protocol::WriteReturnedKey(out, request);
    case 'O':
      return protocol::WriteReturnedOpaque(out, request);
    default:
      return out;
  }
}

// Whether the request has both flags, `first` before `second`.
bool ComesBefore(const MetaFlags& meta, char first, char second) {
  if (!meta.has.Has(first) || !meta.has.Has(second)) return false;
  MetaFlagIterator flags(meta.text);
  for (MetaFlag flag; flags.Next(&flag);) {
    if (flag.letter == first) return true;
    if (flag.letter == second) return false;
  }
  return false;
}

// What mg found, as it was before mg changed it.
struct MetaHit {
  bool stale;
  bool win_sent;  // to somebody else
  bool won;
};

}  // namespace

// Writes the header of a hit, its flags in the order of the request; N, R and T act when they are
// met.
bool CommandExecutor::AppendMetaHit(const Command& command, storage::ItemEditor& editor,
                                    bool created, ReplyBuffer* reply) {
  const MetaFlags& meta = command.request.meta;
  const storage::Item& item = editor.item();
  const bool with_value =
      meta.has.Has('v') && !(meta.has.Has('C') && meta.compare_cas == editor.cas());
  MetaHit hit{item.stale(), !created && item.win_sent(), created};
  const auto write_header = [&](char* out) {
    out = with_value ? protocol::WriteMetaValue(out, static_cast<std::uint32_t>(item.value_bytes()))
                     : protocol::WriteMetaCode(out, ReplyKind::kMetaDone);
    MetaFlagIterator flags(meta.text);
    for (MetaFlag flag; flags.Next(&flag);) {
      switch (flag.letter) {
        case 'c':
          out = protocol::WriteReturnFlag(out, 'c', editor.cas());
          break;
        case 'f':
          out = protocol::WriteReturnFlag(out, 'f', item.client_flags());
          break;
        case 'h':
          out = protocol::WriteReturnFlag(out, 'h', item.fetched() ? 1 : 0);
          break;
        case 'k':
          out = protocol::WriteReturnedKey(out, command.request);
          break;
        case 'l':
          out = protocol::WriteReturnFlag(out, 'l', item.idle_seconds(now_));
          break;
        case 'N':
          if (created) editor.SetExpiresAt(Expiry(meta.vivify_ttl_s));
          break;
        case 'O':
          out = protocol::WriteReturnedOpaque(out, command.request);
          break;
        case 'R':
          if (!hit.win_sent && item.expires_at() != storage::kNever &&
              RemainingSeconds(item.expires_at(), now_) < meta.recache_below_s) {
            hit.won = true;
          }
          break;
        case 's':
          out = protocol::WriteReturnFlag(out, 's', static_cast<std::uint32_t>(item.value_bytes()));
          break;
        case 't':
          out = protocol::WriteReturnFlag(out, 't', RemainingSeconds(item.expires_at(), now_));
          break;
        case 'T':
          editor.SetExpiresAt(Expiry(meta.ttl_s));
          break;
        default:
          break;  // b, q, v, C, E, P, L return nothing
      }
    }
    if (hit.win_sent) out = protocol::WriteReturnFlag(out, 'Z');
    if (hit.stale) {
      out = protocol::WriteReturnFlag(out, 'X');
      if (!hit.win_sent) hit.won = true;
    }
    if (hit.won) out = protocol::WriteReturnFlag(out, 'W');
    return protocol::WriteNewline(out);
  };
  if (with_value) {
    if (!AppendValueReply(editor, protocol::kMaxMetaHeaderBytes, write_header, reply)) return false;
  } else {
    reply->Commit(write_header(reply->Reserve(protocol::kMaxMetaHeaderBytes)));
  }
  if (hit.won) editor.SetWinSent(true);
  if (!meta.has.Has('u')) editor.NoteUse();
  return true;
}

// Flag N: an empty item whose win goes to this request, and which lives until AppendMetaHit gives
// it its expiry: one in the past is still a win. False if another was there first, or there is no
// memory.
bool CommandExecutor::CreatePlaceholder(const Command& command) {
  storage::StoreCondition condition;
  condition.mode = storage::StoreMode::kAdd;
  condition.win_sent = true;
  condition.use_new_cas = command.request.meta.has.Has('E');
  condition.new_cas = command.request.meta.new_cas;
  const storage::StoreResult result =
      store_.Put(command.key, absl::string_view("", 0), 0, storage::kNever, now_, condition);
  if (result.outcome != StoreOutcome::kStored) return false;
  stats_[ServerCounter::kItemsStored].Add();
  return true;
}

void CommandExecutor::MetaGet(const Command& command, ReplyBuffer* reply) {
  const MetaFlags& meta = command.request.meta;
  bool created = false;
  bool appended = false;
  const auto visit = [&](storage::ItemEditor& editor) {
    appended = AppendMetaHit(command, editor, created, reply);
    if (!appended) return stats_[ServerCounter::kMallocFailures].Add();
    stats_
        .Of(editor.size_class(),
            meta.has.Has('T') ? ClassCounter::kTouchHits : ClassCounter::kGetHits)
        .Add();
    NoteHit(command, editor);
  };
  storage::Lookup lookup = store_.Access(command.key, command.hash, now_, visit);
  if (lookup != storage::Lookup::kHit && meta.has.Has('N')) {
    // Whoever created it, it is there now, unless it went again at once: then it is a miss.
    created = CreatePlaceholder(command);
    lookup = store_.Access(command.key, command.hash, now_, visit);
  }
  stats_.prefixes().CountGet(command.key, appended);
  if (appended) return;
  NoteMiss(command, lookup);
  CountMiss(lookup);
  AppendMetaReply(command, ReplyKind::kMetaMiss, reply);
}

void CommandExecutor::AnswerMetaStore(const Command& command,
                                      const storage::StoreCondition& condition,
                                      const storage::StoreResult& result, ReplyBuffer* reply) {
  const Request& request = command.request;
  ReplyKind kind = ReplyKind::kMetaNotStored;
  if (result.outcome == StoreOutcome::kStored) kind = ReplyKind::kMetaDone;
  if (result.outcome == StoreOutcome::kExists) kind = ReplyKind::kMetaExists;
  // There is nothing to append to, whether or not a CAS id was asked for.
  const bool appends = storage::Appends(condition.mode);
  if (result.outcome == StoreOutcome::kNotFound && !appends) kind = ReplyKind::kMetaNotFound;
  if (request.quiet && QuietHides(request.operation, kind)) return;
  char* out = protocol::WriteMetaCode(reply->Reserve(protocol::kMaxMetaHeaderBytes), kind);
  MetaFlagIterator flags(request.meta.text);
  for (MetaFlag flag; flags.Next(&flag);) {
    switch (flag.letter) {
      case 's':
        out = protocol::WriteReturnFlag(out, 's', result.value_bytes);
        break;
      default:
        out = WriteStoredFlag(out, flag.letter, request, result);
        break;
    }
  }
  reply->Commit(protocol::WriteNewline(out));
}

void CommandExecutor::MetaDelete(const Command& command, ReplyBuffer* reply) {
  const MetaFlags& meta = command.request.meta;
  storage::RemoveOptions options;
  options.compare_cas = meta.has.Has('C');
  options.cas = meta.compare_cas;
  options.mark_stale = meta.has.Has('I');
  options.drop_value = meta.has.Has('x');
  options.use_new_cas = meta.has.Has('E');
  options.new_cas = meta.new_cas;
  options.set_expires_at = meta.has.Has('T');
  if (options.set_expires_at) options.expires_at = Expiry(meta.ttl_s);
  const storage::StoreResult result = store_.Remove(command.key, command.hash, now_, options);
  if (!options.mark_stale) stats_.prefixes().CountDelete(command.key);
  switch (result.outcome) {
    case StoreOutcome::kStored:
      if (!options.mark_stale) {
        stats_.Of(result.size_class, ClassCounter::kDeleteHits).Add();
        if (!options.drop_value) NoteDeletion(command);
      }
      return AppendMetaReply(command, ReplyKind::kMetaDone, reply);
    case StoreOutcome::kExists:
      stats_[ServerCounter::kDeleteMisses].Add();
      return AppendMetaReply(command, ReplyKind::kMetaExists, reply);
    case StoreOutcome::kNotStored:
    case StoreOutcome::kNotFound:
    case StoreOutcome::kNonNumeric:
    case StoreOutcome::kTooLarge:
    case StoreOutcome::kOutOfMemory:
      stats_[ServerCounter::kDeleteMisses].Add();
      return AppendMetaReply(command, ReplyKind::kMetaNotFound, reply);
  }
}

// Flag N of ma: the number J, if nobody else was faster. Of N and T, the later flag is its expiry.
storage::StoreResult CommandExecutor::CreateNumber(const Command& command) {
  const MetaFlags& meta = command.request.meta;
  char digits[protocol::kMaxDecimalBytes];
  const char* end = protocol::WriteUint64(digits, meta.initial);
  storage::StoreCondition condition;
  condition.mode = storage::StoreMode::kAdd;
  condition.use_new_cas = meta.has.Has('E');
  condition.new_cas = meta.new_cas;
  storage::StoreResult result = store_.Put(
      command.key, absl::string_view(digits, static_cast<std::size_t>(end - digits)), 0,
      Expiry(ComesBefore(meta, 'N', 'T') ? meta.ttl_s : meta.vivify_ttl_s), now_, condition);
  if (result.outcome == StoreOutcome::kStored) stats_[ServerCounter::kItemsStored].Add();
  NoteStore(command, result);
  result.number = meta.initial;
  return result;
}

void CommandExecutor::AppendMetaNumber(const Command& command, const storage::StoreResult& result,
                                       bool created, std::int64_t ttl_s, ReplyBuffer* reply) {
  const Request& request = command.request;
  char digits[protocol::kMaxDecimalBytes];
  const char* end = protocol::WriteUint64(digits, result.number);
  const absl::string_view number(digits, static_cast<std::size_t>(end - digits));
  const bool with_value = request.meta.has.Has('v');
  char* out = reply->Reserve(protocol::kMaxMetaHeaderBytes + protocol::kMaxNumberReplyBytes);
  out = with_value ? protocol::WriteMetaValue(out, static_cast<std::uint32_t>(number.size()))
                   : protocol::WriteMetaCode(out, ReplyKind::kMetaDone);
  MetaFlagIterator flags(request.meta.text);
  for (MetaFlag flag; flags.Next(&flag);) {
    switch (flag.letter) {
      case 't':
        out = protocol::WriteReturnFlag(out, 't', ttl_s);
        break;
      case 'N':
        if (created) ttl_s = RemainingSeconds(Expiry(request.meta.vivify_ttl_s), now_);
        break;
      case 'T':
        ttl_s = RemainingSeconds(Expiry(request.meta.ttl_s), now_);
        break;
      default:
        out = WriteStoredFlag(out, flag.letter, request, result);
        break;
    }
  }
  out = protocol::WriteNewline(out);
  if (with_value) out = protocol::WriteNewline(protocol::WriteText(out, number));
  reply->Commit(out);
}

void CommandExecutor::MetaArithmetic(const Command& command, ReplyBuffer* reply) {
  const MetaFlags& meta = command.request.meta;
  storage::ArithmeticOptions options;
  options.delta = meta.delta;
  options.decrement = meta.decrement;
  options.compare_cas = meta.has.Has('C');
  options.cas = meta.compare_cas;
  options.use_new_cas = meta.has.Has('E');
  options.new_cas = meta.new_cas;
  options.set_expires_at = meta.has.Has('T');
  if (options.set_expires_at) options.expires_at = Expiry(meta.ttl_s);
  std::int64_t ttl_s = -1;
  const bool old_ttl = ComesBefore(meta, 't', 'T');
  if (old_ttl) {
    store_.Access(command.key, command.hash, now_, [&](storage::ItemEditor& editor) {
      ttl_s = RemainingSeconds(editor.item().expires_at(), now_);
    });
  }
  storage::StoreResult result = store_.Arithmetic(command.key, command.hash, now_, options);
  bool created = false;
  if (result.outcome == StoreOutcome::kNotFound && meta.has.Has('N')) {
    result = CreateNumber(command);
    created = true;
  } else {
    CountArithmetic(options.decrement, result);
    if (!old_ttl) ttl_s = RemainingSeconds(result.expires_at, now_);
  }
  switch (result.outcome) {
    case StoreOutcome::kStored:
      // A created number is told even to the quiet, as memcached does.
      if (command.request.quiet && !created) return;
      return AppendMetaNumber(command, result, created, ttl_s, reply);
    case StoreOutcome::kNotFound:
      return AppendMetaReply(command, ReplyKind::kMetaNotFound, reply);
    case StoreOutcome::kExists:
      return AppendMetaReply(command, ReplyKind::kMetaExists, reply);
    case StoreOutcome::kNotStored:
      return AppendMetaReply(command, ReplyKind::kMetaNotStored, reply);
    case StoreOutcome::kNonNumeric:
      return Answer(command, StandardReply::kNonNumeric, reply);
    case StoreOutcome::kTooLarge:
    case StoreOutcome::kOutOfMemory:
      stats_[ServerCounter::kOutOfMemory].Add();
      return Answer(command, StandardReply::kOutOfMemoryMeta, reply);
  }
}

void CommandExecutor::MetaDebug(const Command& command, ReplyBuffer* reply) {
  stats_[ServerCounter::kMetaDebugs].Add();
  const auto visit = [&](storage::ItemEditor& editor) {
    const storage::Item& item = editor.item();
    protocol::ItemDebugInfo info;
    info.ttl_s = RemainingSeconds(item.expires_at(), now_);
    info.last_access_s = item.idle_seconds(now_);
    info.cas = editor.cas();
    info.fetched = item.fetched();
    info.size_class = std::uint32_t{editor.size_class()} + 1;  // memcached counts from 1
    info.item_bytes = item.total_bytes();
    reply->Commit(protocol::WriteDebugReply(reply->Reserve(protocol::kMaxDebugReplyBytes),
                                            command.request, info));
    NoteHit(command, editor);
  };
  const storage::Lookup lookup = store_.Access(command.key, command.hash, now_, visit);
  if (lookup != storage::Lookup::kHit) {
    NoteMiss(command, lookup);
    Answer(command, StandardReply::kMetaMiss, reply);
  }
}

void CommandExecutor::MetaNoOp(const Command& command, ReplyBuffer* reply) {
  Answer(command, StandardReply::kMetaNoOp, reply);
}

}  // namespace ringcache::server

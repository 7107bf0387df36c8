#include "server/command_executor.h"

#include <cstring>
#include <utility>

#include "protocol/reply_writer.h"
#include "server/value_reply.h"

namespace ringcache::server {

using protocol::Operation;
using protocol::Request;
using protocol::StandardReply;
using storage::Lookup;
using storage::StoreCondition;
using storage::StoreMode;
using storage::StoreOutcome;

namespace {

StoreMode ModeOf(protocol::MetaSetMode mode) {
  switch (mode) {
    case protocol::MetaSetMode::kSet:
      return StoreMode::kSet;
    case protocol::MetaSetMode::kAdd:
      return StoreMode::kAdd;
    case protocol::MetaSetMode::kReplace:
      return StoreMode::kReplace;
    case protocol::MetaSetMode::kAppend:
      return StoreMode::kAppend;
    case protocol::MetaSetMode::kPrepend:
      return StoreMode::kPrepend;
  }
  return StoreMode::kSet;
}

StoreMode ModeOf(const Request& request) {
  switch (request.operation) {
    case Operation::kAdd:
      return StoreMode::kAdd;
    case Operation::kReplace:
      return StoreMode::kReplace;
    case Operation::kAppend:
      return StoreMode::kAppend;
    case Operation::kPrepend:
      return StoreMode::kPrepend;
    case Operation::kMetaSet:
      return ModeOf(request.meta.mode);
    default:
      return StoreMode::kSet;
  }
}

StoreCondition ConditionOf(const Request& request) {
  StoreCondition condition;
  condition.mode = ModeOf(request);
  if (request.operation == Operation::kCas) {
    condition.compare_cas = true;
    condition.cas = request.cas;
  } else if (request.operation == Operation::kMetaSet) {
    const protocol::MetaFlags& meta = request.meta;
    // As memcached has it, add knows no condition, and only set and replace take an older id.
    condition.compare_cas = meta.has.Has('C') && condition.mode != StoreMode::kAdd;
    condition.cas = meta.compare_cas;
    condition.accept_older_cas = meta.has.Has('I') && !Appends(condition.mode);
    condition.use_new_cas = meta.has.Has('E');
    condition.new_cas = meta.new_cas;
    condition.create = meta.has.Has('N') && Appends(condition.mode);
  }
  return condition;
}

// The expiry as sent: an item that append or prepend creates has that of flag N.
std::int64_t ExptimeOf(const Request& request) {
  if (request.operation == Operation::kMetaSet && request.meta.has.Has('N') &&
      Appends(ModeOf(request.meta.mode))) {
    return request.meta.vivify_ttl_s;
  }
  return request.exptime_s;
}

}  // namespace

constexpr CommandExecutor::HandlerRow CommandExecutor::kHandlers[] = {
    {Operation::kGet, &CommandExecutor::Retrieve},
    {Operation::kGets, &CommandExecutor::Retrieve},
    {Operation::kGat, &CommandExecutor::Retrieve},
    {Operation::kGats, &CommandExecutor::Retrieve},
    {Operation::kSet, &CommandExecutor::Store},
    {Operation::kAdd, &CommandExecutor::Store},
    {Operation::kReplace, &CommandExecutor::Store},
    {Operation::kAppend, &CommandExecutor::Store},
    {Operation::kPrepend, &CommandExecutor::Store},
    {Operation::kCas, &CommandExecutor::Store},
    {Operation::kDelete, &CommandExecutor::Delete},
    {Operation::kIncrement, &CommandExecutor::Arithmetic},
    {Operation::kDecrement, &CommandExecutor::Arithmetic},
    {Operation::kTouch, &CommandExecutor::Touch},
    {Operation::kMetaGet, &CommandExecutor::MetaGet},
    {Operation::kMetaSet, &CommandExecutor::Store},
    {Operation::kMetaDelete, &CommandExecutor::MetaDelete},
    {Operation::kMetaArithmetic, &CommandExecutor::MetaArithmetic},
    {Operation::kMetaDebug, &CommandExecutor::MetaDebug},
    {Operation::kMetaNoOp, &CommandExecutor::MetaNoOp},
    {Operation::kFlushAll, &CommandExecutor::FlushAll},
    {Operation::kVersion, &CommandExecutor::Version},
    {Operation::kVerbosity, &CommandExecutor::Verbosity},
    {Operation::kQuit, &CommandExecutor::Quit},
    {Operation::kStats, &CommandExecutor::Stats},
    {Operation::kShutdown, &CommandExecutor::Shutdown},
    {Operation::kCacheMemlimit, &CommandExecutor::CacheMemlimit},
    {Operation::kSlabs, &CommandExecutor::Slabs},
    {Operation::kLru, &CommandExecutor::Lru},
    {Operation::kLruCrawler, &CommandExecutor::LruCrawler},
    {Operation::kWatch, &CommandExecutor::Watch},
    {Operation::kDebugTime, &CommandExecutor::DebugTime},
    {Operation::kConfig, &CommandExecutor::Config},
};

CommandExecutor::CommandExecutor(storage::Store* store, WorkerStats* stats, Clock* clock,
                                 const ServerOptions* options, ServerControl* control,
                                 EventWriter* events)
    : store_(*store),
      stats_(*stats),
      clock_(*clock),
      options_(*options),
      control_(*control),
      events_(*events) {
  static_assert(
      [] {
        int expected = 0;
        for (const HandlerRow& row : kHandlers) {
          if (static_cast<int>(row.operation) != expected++) return false;
        }
        return expected == protocol::kOperationCount;
      }(),
      "one row per operation, in its order");
}

void CommandExecutor::Answer(const Command& command, StandardReply answer, ReplyBuffer* reply) {
  if (command.request.quiet &&
      protocol::QuietHides(command.request.operation, protocol::KindOf(answer))) {
    return;
  }
  reply->Append(protocol::ReplyText(answer));
}

void CommandExecutor::CountMiss(Lookup lookup) {
  stats_[ServerCounter::kGetMisses].Add();
  if (lookup == Lookup::kExpired) stats_[ServerCounter::kGetExpired].Add();
  if (lookup == Lookup::kFlushed) stats_[ServerCounter::kGetFlushed].Add();
}

void CommandExecutor::Retrieve(const Command& command, ReplyBuffer* reply) {
  const Request& request = command.request;
  const bool with_cas =
      request.operation == Operation::kGets || request.operation == Operation::kGats;
  const bool touch = request.operation == Operation::kGat || request.operation == Operation::kGats;
  const auto visit = [&](storage::ItemEditor& editor) {
    const storage::Item& item = editor.item();
    const bool fits = AppendValueReply(
        editor, protocol::kMaxValueHeaderBytes,
        [&](char* out) {
          const auto value_bytes = static_cast<std::uint32_t>(item.value_bytes());
          return with_cas ? protocol::WriteValueHeader(out, command.key, item.client_flags(),
                                                       value_bytes, editor.cas())
                          : protocol::WriteValueHeader(out, command.key, item.client_flags(),
                                                       value_bytes);
        },
        reply);
    // Tens of thousands of slow readers hold this one value: a miss sends this one to its source.
    if (!fits) return stats_[ServerCounter::kMallocFailures].Add();
    if (touch) editor.SetExpiresAt(Expiry(request.exptime_s));
    editor.NoteUse();
    stats_.Of(editor.size_class(), touch ? ClassCounter::kTouchHits : ClassCounter::kGetHits).Add();
    NoteHit(command, editor);
  };
  const Lookup lookup = store_.Access(command.key, command.hash, now_, visit);
  stats_.prefixes().CountGet(command.key, lookup == Lookup::kHit);
  if (lookup == Lookup::kHit) return;
  NoteMiss(command, lookup);
  if (touch) {
    stats_[ServerCounter::kTouchMisses].Add();
  } else {
    CountMiss(lookup);
  }
}

void CommandExecutor::Store(const Command& command, ReplyBuffer* reply) {
  const Request& request = command.request;
  const StoreCondition condition = ConditionOf(request);
  if (Appends(condition.mode)) {
    // Whether the new part or the whole is too large makes a difference to the answer.
    storage::PendingItem pending = Allocate(command);
    if (!pending) return RefuseValue(command, pending.failure(), reply);
    if (!pending.Fill(0, command.value, now_)) {
      return RefuseValue(command, StoreOutcome::kOutOfMemory, reply);
    }
    return FinishValue(command, std::move(pending), reply);
  }
  const storage::StoreResult result =
      store_.Put(command.key, command.hash, command.value, request.client_flags,
                 Expiry(ExptimeOf(request)), now_, condition);
  if (result.outcome == StoreOutcome::kTooLarge || result.outcome == StoreOutcome::kOutOfMemory) {
    return RefuseValue(command, result.outcome, reply);
  }
  AnswerStore(command, condition, result, reply);
}

storage::PendingItem CommandExecutor::BeginValue(const Command& command) {
  if (events_.Wants(kFetchers)) NotePresence(command);
  return Allocate(command);
}

storage::PendingItem CommandExecutor::Allocate(const Command& command) {
  const Request& request = command.request;
  return store_.Allocate(command.key, command.hash, request.value_bytes, request.client_flags,
                         Expiry(ExptimeOf(request)), now_);
}

void CommandExecutor::RefuseValue(const Command& command, StoreOutcome failure,
                                  ReplyBuffer* reply) {
  storage::StoreResult refused;
  refused.outcome = failure;
  NoteStore(command, refused);
  stats_.prefixes().CountSet(command.key);
  const Operation operation = command.request.operation;
  // What is there would be stale now. Conditional classic commands leave it, as memcached does.
  if (operation == Operation::kSet || operation == Operation::kMetaSet) {
    store_.Remove(command.key, command.hash, now_);
  }
  if (failure == StoreOutcome::kTooLarge) {
    stats_[ServerCounter::kTooLarge].Add();
    Answer(command, StandardReply::kTooLarge, reply);
  } else {
    stats_[ServerCounter::kOutOfMemory].Add();
    Answer(command, StandardReply::kOutOfMemory, reply);
  }
}

void CommandExecutor::CountSet(const Request& request) {
  const int size_class =
      store_.ClassFor(request.key.size(), request.value_bytes, request.client_flags);
  stats_.Of(static_cast<std::uint8_t>(size_class), ClassCounter::kSets).Add();
  char scratch[protocol::kMaxKeyBytes];
  stats_.prefixes().CountSet(protocol::KeyBytes(request, scratch));
}

void CommandExecutor::FinishValue(const Command& command, storage::PendingItem pending,
                                  ReplyBuffer* reply) {
  const StoreCondition condition = ConditionOf(command.request);
  AnswerStore(command, condition, store_.Commit(std::move(pending), condition, now_), reply);
}

void CommandExecutor::AnswerStore(const Command& command, const StoreCondition& condition,
                                  const storage::StoreResult& result, ReplyBuffer* reply) {
  NoteStore(command, result);
  stats_.prefixes().CountSet(command.key);
  const Request& request = command.request;
  const auto size_class = static_cast<std::uint8_t>(
      store_.ClassFor(command.key.size(), request.value_bytes, request.client_flags));
  stats_.Of(size_class, ClassCounter::kSets).Add();
  if (result.outcome == StoreOutcome::kStored) stats_[ServerCounter::kItemsStored].Add();
  if (condition.compare_cas && !Appends(condition.mode)) {
    if (result.outcome == StoreOutcome::kStored) {
      stats_.Of(size_class, ClassCounter::kCasHits).Add();
    } else if (result.outcome == StoreOutcome::kExists) {
      stats_.Of(size_class, ClassCounter::kCasBadValues).Add();
    } else {
      stats_[ServerCounter::kCasMisses].Add();
    }
  }
  if (command.request.operation == Operation::kMetaSet) {
    return AnswerMetaStore(command, condition, result, reply);
  }
  switch (result.outcome) {
    case StoreOutcome::kStored:
      return Answer(command, StandardReply::kStored, reply);
    case StoreOutcome::kExists:
      return Answer(command, StandardReply::kExists, reply);
    case StoreOutcome::kNotFound:
      return Answer(command, StandardReply::kNotFound, reply);
    // Old and new value together are too large: append and prepend leave the old one, and memcached
    // says no more than this.
    case StoreOutcome::kTooLarge:
    case StoreOutcome::kOutOfMemory:
    case StoreOutcome::kNonNumeric:
    case StoreOutcome::kNotStored:
      return Answer(command, StandardReply::kNotStored, reply);
  }
}

}  // namespace ringcache::server

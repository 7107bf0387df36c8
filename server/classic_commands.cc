// Handlers of the classic commands that carry no value.

#include "protocol/reply_writer.h"
#include "server/command_executor.h"

namespace ringcache::server {

using protocol::Operation;
using protocol::StandardReply;
using storage::StoreOutcome;

void CommandExecutor::Delete(const Command& command, ReplyBuffer* reply) {
  const storage::StoreResult result = store_.Remove(command.key, command.hash, now_);
  stats_.prefixes().CountDelete(command.key);
  if (result.outcome == StoreOutcome::kStored) {
    stats_.Of(result.size_class, ClassCounter::kDeleteHits).Add();
    NoteDeletion(command);
    Answer(command, StandardReply::kDeleted, reply);
  } else {
    stats_[ServerCounter::kDeleteMisses].Add();
    Answer(command, StandardReply::kNotFound, reply);
  }
}

void CommandExecutor::CountArithmetic(bool decrement, const storage::StoreResult& result) {
  if (result.outcome == StoreOutcome::kStored) {
    stats_.Of(result.size_class, decrement ? ClassCounter::kDecrHits : ClassCounter::kIncrHits)
        .Add();
  } else if (result.outcome == StoreOutcome::kNotFound) {
    stats_[decrement ? ServerCounter::kDecrMisses : ServerCounter::kIncrMisses].Add();
  }
}

void CommandExecutor::Arithmetic(const Command& command, ReplyBuffer* reply) {
  storage::ArithmeticOptions options;
  options.delta = command.request.delta;
  options.decrement = command.request.operation == Operation::kDecrement;
  const storage::StoreResult result = store_.Arithmetic(command.key, command.hash, now_, options);
  CountArithmetic(options.decrement, result);
  switch (result.outcome) {
    case StoreOutcome::kStored:
      if (command.request.quiet) return;
      return reply->Commit(protocol::WriteNumberReply(
          reply->Reserve(protocol::kMaxNumberReplyBytes), result.number));
    case StoreOutcome::kNonNumeric:
      return Answer(command, StandardReply::kNonNumeric, reply);
    case StoreOutcome::kTooLarge:
    case StoreOutcome::kOutOfMemory:
      stats_[ServerCounter::kOutOfMemory].Add();
      return Answer(command, StandardReply::kOutOfMemoryMeta, reply);
    case StoreOutcome::kNotStored:
    case StoreOutcome::kExists:
    case StoreOutcome::kNotFound:
      return Answer(command, StandardReply::kNotFound, reply);
  }
}

void CommandExecutor::Touch(const Command& command, ReplyBuffer* reply) {
  const auto visit = [&](storage::ItemEditor& editor) {
    editor.SetExpiresAt(Expiry(command.request.exptime_s));
    editor.NoteUse();
    stats_.Of(editor.size_class(), ClassCounter::kTouchHits).Add();
  };
  if (store_.Access(command.key, command.hash, now_, visit) == storage::Lookup::kHit) {
    Answer(command, StandardReply::kTouched, reply);
  } else {
    stats_[ServerCounter::kTouchMisses].Add();
    Answer(command, StandardReply::kNotFound, reply);
  }
}

}  // namespace ringcache::server

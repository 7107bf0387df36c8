// What watchers are told of a command. Not reached while nobody watches.

#include "server/command_executor.h"

namespace ringcache::server {

using protocol::MetaSetMode;
using protocol::Operation;
using protocol::Request;
using storage::Lookup;
using storage::StoreOutcome;

namespace {

// memcached counts size classes from 1.
constexpr std::uint32_t ShownClass(int size_class) {
  return static_cast<std::uint32_t>(size_class) + 1;
}

// Whether the command looks a key up without being a retrieval, which tells what it found itself.
bool LooksUp(Operation operation) {
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
    case Operation::kMetaSet:
    case Operation::kMetaDelete:
    case Operation::kMetaArithmetic:
      return true;
    default:
      return false;
  }
}

EventStatus StatusOf(Lookup lookup) {
  switch (lookup) {
    case Lookup::kHit:
      return EventStatus::kFound;
    case Lookup::kMiss:
      return EventStatus::kNotFound;
    case Lookup::kExpired:
      return EventStatus::kExpired;
    case Lookup::kFlushed:
      return EventStatus::kFlushed;
  }
  return EventStatus::kNone;
}

EventStatus StatusOf(StoreOutcome outcome) {
  switch (outcome) {
    case StoreOutcome::kStored:
      return EventStatus::kStored;
    case StoreOutcome::kNotStored:
    case StoreOutcome::kNonNumeric:
      return EventStatus::kNotStored;
    case StoreOutcome::kExists:
      return EventStatus::kExists;
    case StoreOutcome::kNotFound:
      return EventStatus::kNotFound;
    case StoreOutcome::kTooLarge:
      return EventStatus::kTooLarge;
    case StoreOutcome::kOutOfMemory:
      return EventStatus::kNoMemory;
  }
  return EventStatus::kNone;
}

EventCommand CommandOf(const Request& request) {
  switch (request.operation) {
    case Operation::kSet:
      return EventCommand::kSet;
    case Operation::kAdd:
    case Operation::kMetaArithmetic:  // creates a number
      return EventCommand::kAdd;
    case Operation::kReplace:
      return EventCommand::kReplace;
    case Operation::kAppend:
      return EventCommand::kAppend;
    case Operation::kPrepend:
      return EventCommand::kPrepend;
    case Operation::kCas:
      return EventCommand::kCas;
    case Operation::kMetaSet:
      break;
    default:
      return EventCommand::kNone;
  }
  switch (request.meta.mode) {
    case MetaSetMode::kSet:
      return request.meta.has.Has('C') ? EventCommand::kCas : EventCommand::kSet;
    case MetaSetMode::kAdd:
      return EventCommand::kAdd;
    case MetaSetMode::kReplace:
      return EventCommand::kReplace;
    case MetaSetMode::kAppend:
      return EventCommand::kAppend;
    case MetaSetMode::kPrepend:
      return EventCommand::kPrepend;
  }
  return EventCommand::kNone;
}

}  // namespace

CommandExecutor::Present CommandExecutor::PresentAs(const storage::ItemEditor& editor) {
  return {ShownClass(editor.size_class()), editor.item().value_bytes()};
}

void CommandExecutor::NotePresence(const Command& command) {
  present_ = Present();
  if (!LooksUp(command.request.operation)) return;
  const Lookup lookup =
      store_.Access(command.key, command.hash, now_,
                    [&](storage::ItemEditor& editor) { present_ = PresentAs(editor); });
  if (events_.Wants(kFetchers)) LogFetch(command, lookup, present_);
}

void CommandExecutor::LogFetch(const Command& command, Lookup lookup, const Present& present) {
  Event event;
  event.kind = EventKind::kItemGet;
  event.status = StatusOf(lookup);
  event.size_class = present.size_class;
  event.value_bytes = present.value_bytes;
  event.client = client_;
  events_.Write(event, command.key);
}

void CommandExecutor::LogStore(const Command& command, const storage::StoreResult& result) {
  const Request& request = command.request;
  Event event;
  event.kind = EventKind::kItemStore;
  event.status = StatusOf(result.outcome);
  event.command = CommandOf(request);
  event.client = client_;
  storage::UnixSeconds expires_at = Expiry(request.exptime_s);
  if (result.outcome == StoreOutcome::kStored) {
    expires_at = result.expires_at;
    event.size_class = ShownClass(result.size_class);
    event.value_bytes = result.value_bytes;
  } else if (result.outcome != StoreOutcome::kTooLarge) {
    event.size_class =
        ShownClass(store_.ClassFor(command.key.size(), request.value_bytes, request.client_flags));
    event.value_bytes = request.value_bytes;
  }
  if (expires_at != storage::kNever) {
    // Zero means never: what expires at once is negative.
    event.ttl_s = expires_at > now_ ? std::int64_t{expires_at} - std::int64_t{now_} : -1;
  }
  events_.Write(event, command.key);
}

void CommandExecutor::LogDeletion(const Command& command) {
  Event event;
  event.kind = EventKind::kDeleted;
  event.command = command.request.operation == Operation::kMetaDelete ? EventCommand::kMetaDelete
                                                                      : EventCommand::kDelete;
  event.client = client_;
  event.size_class = present_.size_class;
  event.value_bytes = present_.value_bytes;
  events_.Write(event, command.key);
}

}  // namespace ringcache::server

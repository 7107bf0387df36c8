#include "client/result_reader.h"

#include "protocol/standard_reply.h"

namespace ringcache::client {
namespace {

using protocol::ReplyKind;

Outcome OutcomeOf(ReplyKind kind) {
  switch (kind) {
    case ReplyKind::kValue:
    case ReplyKind::kConfig:
    case ReplyKind::kStored:
    case ReplyKind::kDeleted:
    case ReplyKind::kTouched:
    case ReplyKind::kNumber:
    case ReplyKind::kOk:
    case ReplyKind::kReset:
    case ReplyKind::kVersion:
    case ReplyKind::kStat:
    case ReplyKind::kText:
    case ReplyKind::kMetaValue:
    case ReplyKind::kMetaDone:
    case ReplyKind::kMetaDebug:
    case ReplyKind::kMetaNoOp:
      return Outcome::kDone;
    case ReplyKind::kEnd:
    case ReplyKind::kNotFound:
    case ReplyKind::kMetaMiss:
    case ReplyKind::kMetaNotFound:
      return Outcome::kMiss;
    case ReplyKind::kNotStored:
    case ReplyKind::kMetaNotStored:
      return Outcome::kNotStored;
    case ReplyKind::kExists:
    case ReplyKind::kMetaExists:
      return Outcome::kExists;
    case ReplyKind::kError:
    case ReplyKind::kClientError:
    case ReplyKind::kServerError:
      return Outcome::kRefused;
  }
  return Outcome::kRefused;
}

bool HasMetaFlags(ReplyKind kind) {
  return kind >= ReplyKind::kMetaValue && kind <= ReplyKind::kMetaExists;
}

}  // namespace

void NoteReply(const protocol::Reply& reply, const ReceivedValue& value, Result* result) {
  const bool after_others = result->outcome == Outcome::kDone;
  if (reply.kind == ReplyKind::kEnd && after_others) return;
  result->outcome = OutcomeOf(reply.kind);
  if (protocol::HasValue(reply.kind)) {
    result->text = value.Take();
  } else if (protocol::IsError(reply.kind) || reply.kind == ReplyKind::kVersion ||
             reply.kind == ReplyKind::kText) {
    result->text = std::string(reply.text);
  }
  if (reply.kind == ReplyKind::kValue) {
    result->flags = reply.client_flags;
    result->cas = reply.has_cas ? reply.cas : 0;
  } else if (reply.kind == ReplyKind::kNumber) {
    result->number = reply.number;
  } else if (HasMetaFlags(reply.kind)) {
    result->meta_flags = std::string(reply.meta.text);
    if (reply.meta.has.Has('f')) result->flags = reply.meta.client_flags;
    if (reply.meta.has.Has('c')) result->cas = reply.meta.cas;
  }
}

}  // namespace ringcache::client

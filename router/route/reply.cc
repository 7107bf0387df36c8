#include "router/route/reply.h"

#include "absl/strings/match.h"

namespace ringcache::router {

using protocol::Operation;
using protocol::ReplyKind;

Verdict Reply::verdict() const {
  switch (kind) {
    case ReplyKind::kValue:
    case ReplyKind::kConfig:
    case ReplyKind::kMetaValue:
    case ReplyKind::kMetaDebug:
      return Verdict::kHit;
    case ReplyKind::kStored:
    case ReplyKind::kDeleted:
    case ReplyKind::kTouched:
    case ReplyKind::kNumber:
    case ReplyKind::kOk:
    case ReplyKind::kReset:
    case ReplyKind::kVersion:
    case ReplyKind::kStat:
    case ReplyKind::kMetaDone:
    case ReplyKind::kMetaNoOp:
    case ReplyKind::kText:
      return Verdict::kDone;
    case ReplyKind::kEnd:
    case ReplyKind::kNotFound:
    case ReplyKind::kMetaMiss:
    case ReplyKind::kMetaNotFound:
      return Verdict::kMiss;
    case ReplyKind::kNotStored:
    case ReplyKind::kMetaNotStored:
      return Verdict::kNotStored;
    case ReplyKind::kExists:
    case ReplyKind::kMetaExists:
      return Verdict::kExists;
    case ReplyKind::kError:
    case ReplyKind::kClientError:
      return Verdict::kRefused;
    case ReplyKind::kServerError:
      return Verdict::kError;
  }
  return Verdict::kError;
}

absl::string_view FailureLine(client::CallFailure failure) {
  switch (failure) {
    case client::CallFailure::kNotConnected:
      return "SERVER_ERROR connection error";
    case client::CallFailure::kTimedOut:
      return "SERVER_ERROR timeout";
    case client::CallFailure::kConnectionLost:
    case client::CallFailure::kProtocolError:
      return "SERVER_ERROR remote error";
    case client::CallFailure::kQueueFull:
      return "SERVER_ERROR 307 busy";
    case client::CallFailure::kMemberDown:
    case client::CallFailure::kNoMembers:
      return "SERVER_ERROR unavailable";
    case client::CallFailure::kClosed:
      return "SERVER_ERROR aborted";
  }
  return "SERVER_ERROR unknown result";
}

Reply FailureReply(client::CallFailure failure) {
  Reply reply = ErrorReply(FailureLine(failure));
  reply.failure = failure;
  return reply;
}

Reply ErrorReply(absl::string_view line) {
  Reply reply;
  if (absl::StartsWith(line, "CLIENT_ERROR")) reply.kind = ReplyKind::kClientError;
  if (absl::StartsWith(line, "ERROR")) reply.kind = ReplyKind::kError;
  reply.text = std::string(line);
  return reply;
}

Reply DefaultReply(Operation operation) {
  Reply reply;
  switch (operation) {
    case Operation::kGet:
    case Operation::kGets:
    case Operation::kGat:
    case Operation::kGats:
      reply.kind = ReplyKind::kEnd;
      return reply;
    case Operation::kSet:
    case Operation::kAdd:
    case Operation::kReplace:
    case Operation::kAppend:
    case Operation::kPrepend:
    case Operation::kCas:
      reply.kind = ReplyKind::kNotStored;
      return reply;
    case Operation::kDelete:
    case Operation::kIncrement:
    case Operation::kDecrement:
    case Operation::kTouch:
      reply.kind = ReplyKind::kNotFound;
      return reply;
    case Operation::kMetaGet:
    case Operation::kMetaDebug:
      reply.kind = ReplyKind::kMetaMiss;
      return reply;
    case Operation::kMetaSet:
      reply.kind = ReplyKind::kMetaNotStored;
      return reply;
    case Operation::kMetaDelete:
    case Operation::kMetaArithmetic:
      reply.kind = ReplyKind::kMetaNotFound;
      return reply;
    case Operation::kMetaNoOp:
      reply.kind = ReplyKind::kMetaNoOp;
      return reply;
    case Operation::kFlushAll:
    case Operation::kVersion:
    case Operation::kVerbosity:
    case Operation::kQuit:
    case Operation::kStats:
    case Operation::kShutdown:
    case Operation::kCacheMemlimit:
    case Operation::kSlabs:
    case Operation::kLru:
    case Operation::kLruCrawler:
    case Operation::kWatch:
    case Operation::kDebugTime:
    case Operation::kConfig:
      return ErrorReply("ERROR");
  }
  return ErrorReply("ERROR");
}

}  // namespace ringcache::router

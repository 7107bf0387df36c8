#include "router/route/route_request.h"

namespace ringcache::router {

using protocol::Operation;

OperationClass ClassOf(Operation operation) {
  switch (operation) {
    case Operation::kGet:
    case Operation::kGets:
    case Operation::kMetaGet:
      return OperationClass::kGet;
    case Operation::kSet:
    case Operation::kAdd:
    case Operation::kReplace:
    case Operation::kAppend:
    case Operation::kPrepend:
    case Operation::kCas:
    case Operation::kMetaSet:
      return OperationClass::kUpdate;
    case Operation::kDelete:
    case Operation::kMetaDelete:
      return OperationClass::kDelete;
    case Operation::kIncrement:
    case Operation::kDecrement:
    case Operation::kMetaArithmetic:
      return OperationClass::kArithmetic;
    case Operation::kTouch:
    case Operation::kGat:
    case Operation::kGats:
      return OperationClass::kTouch;
    case Operation::kMetaDebug:
    case Operation::kMetaNoOp:
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
      return OperationClass::kOther;
  }
  return OperationClass::kOther;
}

}  // namespace ringcache::router

// The operations of the memcached protocol, as values: what a request asks for, apart from how a
// codec spells it. Classic and meta commands that differ in reply shape are different operations.
//
// Thread safety: values only.

#ifndef RINGCACHE_PROTOCOL_OPERATION_H_
#define RINGCACHE_PROTOCOL_OPERATION_H_

#include <cstdint>

namespace ringcache::protocol {

enum class Operation : std::uint8_t {
  // Classic retrieval.
  kGet,
  kGets,
  kGat,
  kGats,
  // Classic storage; each is followed by a data block.
  kSet,
  kAdd,
  kReplace,
  kAppend,
  kPrepend,
  kCas,
  // Classic, one key, no data block.
  kDelete,
  kIncrement,
  kDecrement,
  kTouch,
  // Meta.
  kMetaGet,
  kMetaSet,  // followed by a data block
  kMetaDelete,
  kMetaArithmetic,
  kMetaDebug,
  kMetaNoOp,
  // Server commands.
  kFlushAll,
  kVersion,
  kVerbosity,
  kQuit,
  kStats,
  kShutdown,
  kCacheMemlimit,
  kSlabs,
  kLru,
  kLruCrawler,
  kWatch,
  kDebugTime,
};
inline constexpr int kOperationCount = static_cast<int>(Operation::kDebugTime) + 1;

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_OPERATION_H_

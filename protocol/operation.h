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
  kConfig,
};
inline constexpr int kOperationCount = static_cast<int>(Operation::kConfig) + 1;

// Whether a data block follows the command line.
constexpr bool HasDataBlock(Operation operation) {
  return (operation >= Operation::kSet && operation <= Operation::kCas) ||
         operation == Operation::kMetaSet;
}
static_assert(static_cast<int>(Operation::kCas) - static_cast<int>(Operation::kSet) == 5);

// Whether it is get, gets, gat or gats: a line of any number of keys.
constexpr bool IsRetrieval(Operation operation) { return operation <= Operation::kGats; }
static_assert(static_cast<int>(Operation::kGets) == 1 && static_cast<int>(Operation::kGats) == 3);

// Whether it is mg, ms, md or ma: one key, and flags that a reply returns.
constexpr bool IsMeta(Operation operation) {
  return operation >= Operation::kMetaGet && operation <= Operation::kMetaArithmetic;
}
static_assert(static_cast<int>(Operation::kMetaArithmetic) -
                  static_cast<int>(Operation::kMetaGet) ==
              3);

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_OPERATION_H_

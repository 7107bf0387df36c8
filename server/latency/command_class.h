// The classes of commands whose latency is told apart: a meta command goes with its kin.
//
// Thread safety: constants.

#ifndef RINGCACHE_SERVER_LATENCY_COMMAND_CLASS_H_
#define RINGCACHE_SERVER_LATENCY_COMMAND_CLASS_H_

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "absl/strings/string_view.h"
#include "protocol/operation.h"

namespace ringcache::server {

enum class CommandClass : std::uint8_t {
  kGet,
  kSet,
  kDelete,
  kTouch,
  kArithmetic,
  kOther,
  kCount,
};
inline constexpr std::size_t kCommandClassCount = static_cast<std::size_t>(CommandClass::kCount);

// As statistics call them.
inline constexpr absl::string_view kCommandClassNames[] = {
    "get", "set", "delete", "touch", "arithmetic", "other",
};
static_assert(std::size(kCommandClassNames) == kCommandClassCount);

struct CommandClassRow {
  protocol::Operation operation;
  CommandClass command_class;
};

inline constexpr CommandClassRow kCommandClasses[] = {
    {protocol::Operation::kGet, CommandClass::kGet},
    {protocol::Operation::kGets, CommandClass::kGet},
    // They answer a value: what takes time is that.
    {protocol::Operation::kGat, CommandClass::kGet},
    {protocol::Operation::kGats, CommandClass::kGet},
    {protocol::Operation::kSet, CommandClass::kSet},
    {protocol::Operation::kAdd, CommandClass::kSet},
    {protocol::Operation::kReplace, CommandClass::kSet},
    {protocol::Operation::kAppend, CommandClass::kSet},
    {protocol::Operation::kPrepend, CommandClass::kSet},
    {protocol::Operation::kCas, CommandClass::kSet},
    {protocol::Operation::kDelete, CommandClass::kDelete},
    {protocol::Operation::kIncrement, CommandClass::kArithmetic},
    {protocol::Operation::kDecrement, CommandClass::kArithmetic},
    {protocol::Operation::kTouch, CommandClass::kTouch},
    {protocol::Operation::kMetaGet, CommandClass::kGet},
    {protocol::Operation::kMetaSet, CommandClass::kSet},
    {protocol::Operation::kMetaDelete, CommandClass::kDelete},
    {protocol::Operation::kMetaArithmetic, CommandClass::kArithmetic},
    {protocol::Operation::kMetaDebug, CommandClass::kOther},
    {protocol::Operation::kMetaNoOp, CommandClass::kOther},
    {protocol::Operation::kFlushAll, CommandClass::kOther},
    {protocol::Operation::kVersion, CommandClass::kOther},
    {protocol::Operation::kVerbosity, CommandClass::kOther},
    {protocol::Operation::kQuit, CommandClass::kOther},
    {protocol::Operation::kStats, CommandClass::kOther},
    {protocol::Operation::kShutdown, CommandClass::kOther},
    {protocol::Operation::kCacheMemlimit, CommandClass::kOther},
    {protocol::Operation::kSlabs, CommandClass::kOther},
    {protocol::Operation::kLru, CommandClass::kOther},
    {protocol::Operation::kLruCrawler, CommandClass::kOther},
    {protocol::Operation::kWatch, CommandClass::kOther},
    {protocol::Operation::kDebugTime, CommandClass::kOther},
    {protocol::Operation::kConfig, CommandClass::kOther},
};
static_assert(
    [] {
      int expected = 0;
      for (const CommandClassRow& row : kCommandClasses) {
        if (static_cast<int>(row.operation) != expected++) return false;
      }
      return expected == protocol::kOperationCount;
    }(),
    "one row per operation, in its order");

constexpr CommandClass ClassOf(protocol::Operation operation) {
  return kCommandClasses[static_cast<std::size_t>(operation)].command_class;
}

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_LATENCY_COMMAND_CLASS_H_

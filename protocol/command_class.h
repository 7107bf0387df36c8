// The classes of commands whose latency is told apart: a meta command goes with its kin.
//
// Thread safety: constants.

#ifndef RINGCACHE_PROTOCOL_COMMAND_CLASS_H_
#define RINGCACHE_PROTOCOL_COMMAND_CLASS_H_

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "absl/strings/string_view.h"
#include "protocol/operation.h"

namespace ringcache::protocol {

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
  Operation operation;
  CommandClass command_class;
};

inline constexpr CommandClassRow kCommandClasses[] = {
    {Operation::kGet, CommandClass::kGet},
    {Operation::kGets, CommandClass::kGet},
    // They answer a value: what takes time is that.
    {Operation::kGat, CommandClass::kGet},
    {Operation::kGats, CommandClass::kGet},
    {Operation::kSet, CommandClass::kSet},
    {Operation::kAdd, CommandClass::kSet},
    {Operation::kReplace, CommandClass::kSet},
    {Operation::kAppend, CommandClass::kSet},
    {Operation::kPrepend, CommandClass::kSet},
    {Operation::kCas, CommandClass::kSet},
    {Operation::kDelete, CommandClass::kDelete},
    {Operation::kIncrement, CommandClass::kArithmetic},
    {Operation::kDecrement, CommandClass::kArithmetic},
    {Operation::kTouch, CommandClass::kTouch},
    {Operation::kMetaGet, CommandClass::kGet},
    {Operation::kMetaSet, CommandClass::kSet},
    {Operation::kMetaDelete, CommandClass::kDelete},
    {Operation::kMetaArithmetic, CommandClass::kArithmetic},
    {Operation::kMetaDebug, CommandClass::kOther},
    {Operation::kMetaNoOp, CommandClass::kOther},
    {Operation::kFlushAll, CommandClass::kOther},
    {Operation::kVersion, CommandClass::kOther},
    {Operation::kVerbosity, CommandClass::kOther},
    {Operation::kQuit, CommandClass::kOther},
    {Operation::kStats, CommandClass::kOther},
    {Operation::kShutdown, CommandClass::kOther},
    {Operation::kCacheMemlimit, CommandClass::kOther},
    {Operation::kSlabs, CommandClass::kOther},
    {Operation::kLru, CommandClass::kOther},
    {Operation::kLruCrawler, CommandClass::kOther},
    {Operation::kWatch, CommandClass::kOther},
    {Operation::kDebugTime, CommandClass::kOther},
    {Operation::kConfig, CommandClass::kOther},
};
static_assert(
    [] {
      int expected = 0;
      for (const CommandClassRow& row : kCommandClasses) {
        if (static_cast<int>(row.operation) != expected++) return false;
      }
      return expected == kOperationCount;
    }(),
    "one row per operation, in its order");

constexpr CommandClass CommandClassOf(Operation operation) {
  return kCommandClasses[static_cast<std::size_t>(operation)].command_class;
}

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_COMMAND_CLASS_H_

// The classes of commands whose latencies are told apart.
//
// Thread safety: constants.

#ifndef RINGCACHE_ROUTER_LATENCY_COMMAND_CLASS_H_
#define RINGCACHE_ROUTER_LATENCY_COMMAND_CLASS_H_

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "absl/strings/string_view.h"
#include "protocol/operation.h"

namespace ringcache::router {

enum class CommandClass : std::uint8_t {
  kGet,  // all that have a value for reply
  kSet,  // and add, replace, append, prepend, cas
  kDelete,
  kTouch,
  kArithmetic,
  kOther,
};

// In the order of the enumerators.
inline constexpr absl::string_view kCommandClassNames[] = {
    "get", "set", "delete", "touch", "arithmetic", "other",
};
inline constexpr std::size_t kCommandClassCount = std::size(kCommandClassNames);
static_assert(kCommandClassCount == static_cast<std::size_t>(CommandClass::kOther) + 1);

// A meta command goes with its classic kin.
constexpr CommandClass CommandClassOf(protocol::Operation operation) {
  using protocol::Operation;
  if (IsRetrieval(operation) || operation == Operation::kMetaGet) return CommandClass::kGet;
  if (protocol::HasDataBlock(operation)) return CommandClass::kSet;
  if (operation == Operation::kDelete || operation == Operation::kMetaDelete) {
    return CommandClass::kDelete;
  }
  if (operation == Operation::kTouch) return CommandClass::kTouch;
  if (operation == Operation::kIncrement || operation == Operation::kDecrement ||
      operation == Operation::kMetaArithmetic) {
    return CommandClass::kArithmetic;
  }
  return CommandClass::kOther;
}

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_LATENCY_COMMAND_CLASS_H_

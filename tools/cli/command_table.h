// The commands of the program, one row each: what its help says and its command line is read by.
//
// Thread safety: constants only.

#ifndef RINGCACHE_TOOLS_CLI_COMMAND_TABLE_H_
#define RINGCACHE_TOOLS_CLI_COMMAND_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "protocol/operation.h"

namespace ringcache::cli {

enum class Command : std::uint8_t {
  // Of keys.
  kGet,
  kGets,
  kSet,
  kAdd,
  kReplace,
  kAppend,
  kPrepend,
  kCas,
  kDelete,
  kIncrement,
  kDecrement,
  kTouch,
  // Of the pool.
  kStats,
  kTop,
  kMembers,
  kLocate,
  kVersion,
  kFlush,
};

// What follows a command's name. The first four may be a `-` in place of the key: then keys are
// read from standard input, one a line.
enum class Shape : std::uint8_t {
  kKeys,       // KEY...
  kValue,      // KEY [VALUE]; with `-`, lines of keys and values
  kNumber,     // KEY [N]
  kTtl,        // KEY SECONDS
  kCasValue,   // KEY CAS [VALUE]
  kPlainKeys,  // KEY..., no `-`
  kWords,      // any words
  kSeconds,    // [SECONDS]
  kNothing,
};

struct CommandRow {
  Command command;
  absl::string_view name;
  Shape shape;
  absl::string_view usage;  // what follows the name
  protocol::Operation operation;
  absl::string_view help;
};

// clang-format off
inline constexpr std::array<CommandRow, 18> kCommands = {{
    {Command::kGet, "get", Shape::kKeys, "KEY...|-", protocol::Operation::kGet,
     "print values as they are; with -, lines of key and value"},
    {Command::kGets, "gets", Shape::kKeys, "KEY...|-", protocol::Operation::kGets,
     "print lines of key, CAS id, flags and value"},
    {Command::kSet, "set", Shape::kValue, "KEY [VALUE]|-", protocol::Operation::kSet,
     "store a value, or what standard input has"},
    {Command::kAdd, "add", Shape::kValue, "KEY [VALUE]|-", protocol::Operation::kAdd,
     "store if there is no such key"},
    {Command::kReplace, "replace", Shape::kValue, "KEY [VALUE]|-", protocol::Operation::kReplace,
     "store if there is such a key"},
    {Command::kAppend, "append", Shape::kValue, "KEY [VALUE]|-", protocol::Operation::kAppend,
     "put behind the value that is there"},
    {Command::kPrepend, "prepend", Shape::kValue, "KEY [VALUE]|-", protocol::Operation::kPrepend,
     "put before the value that is there"},
    {Command::kCas, "cas", Shape::kCasValue, "KEY CAS [VALUE]", protocol::Operation::kCas,
     "store if the CAS id is still the one of gets"},
    {Command::kDelete, "delete", Shape::kKeys, "KEY...|-", protocol::Operation::kDelete,
     "forget keys"},
    {Command::kIncrement, "incr", Shape::kNumber, "KEY|- [N]", protocol::Operation::kIncrement,
     "add N, or 1, to a number and print it"},
    {Command::kDecrement, "decr", Shape::kNumber, "KEY|- [N]", protocol::Operation::kDecrement,
     "take N, or 1, from it, down to 0"},
    {Command::kTouch, "touch", Shape::kTtl, "KEY|- SECONDS", protocol::Operation::kTouch,
     "give a time to live; 0: for ever"},
    {Command::kStats, "stats", Shape::kWords, "[GROUP]", protocol::Operation::kStats,
     "a row for each member and a total; a group, such as items, as it is"},
    {Command::kTop, "top", Shape::kNothing, "", protocol::Operation::kStats,
     "what happens a second, again and again"},
    {Command::kMembers, "members", Shape::kNothing, "", protocol::Operation::kVersion,
     "the members, their addresses, what they own, and whether they answer"},
    {Command::kLocate, "locate", Shape::kPlainKeys, "KEY...", protocol::Operation::kVersion,
     "who owns keys, and who is next"},
    {Command::kVersion, "version", Shape::kNothing, "", protocol::Operation::kVersion,
     "the version of each member"},
    {Command::kFlush, "flush", Shape::kSeconds, "[SECONDS]", protocol::Operation::kFlushAll,
     "let every member forget everything, now or then"},
}};
// clang-format on

constexpr const CommandRow& RowOf(Command command) {
  return kCommands[static_cast<std::size_t>(command)];
}
constexpr bool IsOfKeys(Command command) { return command <= Command::kTouch; }

constexpr bool RowsAreInOrder() {
  for (std::size_t i = 0; i < kCommands.size(); ++i) {
    if (kCommands[i].command != static_cast<Command>(i)) return false;
  }
  return true;
}
static_assert(RowsAreInOrder());

}  // namespace ringcache::cli

#endif  // RINGCACHE_TOOLS_CLI_COMMAND_TABLE_H_

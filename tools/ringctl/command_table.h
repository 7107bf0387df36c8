// The commands of the program, one row each.
//
// Thread safety: constants only.

#ifndef RINGCACHE_TOOLS_RINGCTL_COMMAND_TABLE_H_
#define RINGCACHE_TOOLS_RINGCTL_COMMAND_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "absl/strings/string_view.h"

namespace ringcache::ringctl {

enum class Command : std::uint8_t {
  kHealth,
  kProgram,
  kStats,
  kLatency,
  kHotKeys,
  kSettings,
  kRing,
  kLocate,
  kPlan,
  // These change something.
  kDrain,
  kUndrain,
  kVerbosity,
  kReload,
  kReset,
  kFlush,
};

struct CommandRow {
  Command command;
  absl::string_view name;
  absl::string_view usage;  // what follows the name
  std::size_t least_words;
  std::size_t most_words;
  absl::string_view help;
};

inline constexpr std::size_t kAnyWords = std::numeric_limits<std::size_t>::max();

// clang-format off
inline constexpr std::array<CommandRow, 15> kCommands = {{
    {Command::kHealth, "health", "[SERVICE]", 0, 1,
     "whether it serves, and why not; SERVICE is readiness, liveness or startup"},
    {Command::kProgram, "program", "", 0, 0,
     "which program it is, and of which version"},
    {Command::kStats, "stats", "", 0, 0,
     "what it holds and did; of each pod of --discovery"},
    {Command::kLatency, "latency", "", 0, 0,
     "how long commands took, and members of a router"},
    {Command::kHotKeys, "hotkeys", "", 0, 0,
     "the keys that are asked for most; their rates are too high by the error at most"},
    {Command::kSettings, "settings", "", 0, 0,
     "how it is set"},
    {Command::kRing, "ring", "", 0, 0,
     "members, their states, and what each owns of the keys"},
    {Command::kLocate, "locate", "KEY...", 1, kAnyWords,
     "who owns keys, and who stands in"},
    {Command::kPlan, "plan", "", 0, 0,
     "what --members=N, --add or --remove would move; changes nothing"},
    {Command::kDrain, "drain", "", 0, 0,
     "let clients go elsewhere, then end; waits for that"},
    {Command::kUndrain, "undrain", "", 0, 0,
     "take a drain back that only announces itself"},
    {Command::kVerbosity, "verbosity", "N", 1, 1,
     "log as much as with so many -v, 0 to 3"},
    {Command::kReload, "reload", "", 0, 0,
     "take up what can be changed without a restart"},
    {Command::kReset, "reset", "", 0, 0,
     "count from zero again, as `stats reset` does"},
    {Command::kFlush, "flush", "", 0, 0,
     "forget all items, as flush_all does"},
}};
// clang-format on

constexpr const CommandRow& RowOf(Command command) {
  return kCommands[static_cast<std::size_t>(command)];
}

constexpr bool RowsAreInOrder() {
  for (std::size_t i = 0; i < kCommands.size(); ++i) {
    if (kCommands[i].command != static_cast<Command>(i)) return false;
  }
  return true;
}
static_assert(RowsAreInOrder());

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_COMMAND_TABLE_H_

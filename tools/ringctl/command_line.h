// What the program is asked: a command, its words, whom to ask and how long to wait.
//
// Thread safety: a plain value, functions only.

#ifndef RINGCACHE_TOOLS_RINGCTL_COMMAND_LINE_H_
#define RINGCACHE_TOOLS_RINGCTL_COMMAND_LINE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tools/ringctl/command_table.h"

namespace ringcache::ringctl {

// The figures that stats shows.
enum class StatsGroup : std::uint8_t { kGeneral, kAll, kSlabs, kWorkers, kMembers };

struct CommandLine {
  static constexpr std::uint64_t kMaxPlannedMembers = 100'000;
  static constexpr std::uint64_t kMaxOwners = 100;
  static constexpr std::uint64_t kMaxHotKeys = 1000;
  static constexpr std::uint32_t kMaxVerbosity = 3;

  Command command = Command::kHealth;
  std::string service;            // of health
  std::vector<std::string> keys;  // of locate
  std::uint32_t verbosity = 0;

  // Whom to ask: one process, or all members of a pool.
  std::string address = "localhost:11210";
  std::string discovery;
  std::uint16_t admin_port = 11210;
  // 0: a second of health, which is a probe, else five.
  double timeout_s = 0;
  bool json = false;
  // Of stats and ring; 0: once.
  double watch_s = 0;

  bool all = false;
  bool slabs = false;
  bool workers = false;
  // stats: kEachMember; plan: how many there are to be.
  std::uint64_t members = 0;
  static constexpr std::uint64_t kEachMember = ~std::uint64_t{0};

  std::string pool;
  std::uint32_t owners = 3;
  std::vector<std::string> add;
  std::vector<std::string> remove;
  std::uint32_t count = 20;
  std::optional<double> wait_s;
  double limit_s = 60;
  double delay_s = 0;
  bool help = false;

  absl::Duration timeout() const;
  // Of stats. REQUIRES: at most one was asked for, as Parse sees to.
  StatsGroup group() const;
};

// Fails with what is wrong and what would be right.
absl::StatusOr<CommandLine> ParseCommandLine(absl::Span<const absl::string_view> arguments);

// The text of --help.
std::string CommandLineHelp();

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_COMMAND_LINE_H_

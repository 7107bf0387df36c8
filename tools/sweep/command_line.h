// What the program is asked: a pool, how its ring places keys, and how to sweep.
//
// Thread safety: a plain value, functions only.

#ifndef RINGCACHE_TOOLS_SWEEP_COMMAND_LINE_H_
#define RINGCACHE_TOOLS_SWEEP_COMMAND_LINE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/cluster_options.h"
#include "tools/sweep/pool_sweep.h"

namespace ringcache::sweep {

struct CommandLine {
  std::string servers;
  client::ClusterOptions cluster;
  SweepOptions sweep;
  std::uint32_t expect = 0;
  double timeout_s = 5;
  bool help = false;
};

// Fails with what is wrong and what would be right.
absl::StatusOr<CommandLine> ParseCommandLine(absl::Span<const absl::string_view> arguments);

// The text of --help.
std::string CommandLineHelp();

}  // namespace ringcache::sweep

#endif  // RINGCACHE_TOOLS_SWEEP_COMMAND_LINE_H_

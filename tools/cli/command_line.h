// What the program is asked: a command, its keys, the pool and how to use it.
//
// Thread safety: a plain value, functions only.

#ifndef RINGCACHE_TOOLS_CLI_COMMAND_LINE_H_
#define RINGCACHE_TOOLS_CLI_COMMAND_LINE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/cluster_client.h"
#include "tools/cli/command_table.h"

namespace ringcache::cli {

struct CommandLine {
  // Thirty years; a Unix time by mistake is above it.
  static constexpr std::uint64_t kMaxTtlSeconds = 1'000'000'000;

  Command command = Command::kGet;
  std::vector<std::string> keys;
  bool from_input = false;           // keys are read from standard input
  std::optional<std::string> value;  // none: it is read from standard input
  std::uint64_t cas = 0;
  std::uint64_t delta = 1;
  std::uint64_t seconds = 0;  // of touch and flush
  std::string group;          // of stats

  std::string servers = "127.0.0.1:11211";
  client::ClusterOptions cluster;
  double timeout_s = 1;
  std::uint32_t flags = 0;
  std::uint64_t ttl_s = 0;
  bool all = false;
  std::uint32_t owners = 3;
  double interval_s = 1;
  std::uint64_t count = 0;
  bool help = false;
};

// Fails with what is wrong and what would be right.
absl::StatusOr<CommandLine> ParseCommandLine(absl::Span<const absl::string_view> arguments);

// The text of --help.
std::string CommandLineHelp();

}  // namespace ringcache::cli

#endif  // RINGCACHE_TOOLS_CLI_COMMAND_LINE_H_

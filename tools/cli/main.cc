// A pool of cache servers from the command line: see command_line.h for what it is asked, and
// docs/client.md for its use.

#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/cli/command_line.h"
#include "tools/cli/command_table.h"
#include "tools/cli/console.h"
#include "tools/cli/exit_status.h"
#include "tools/cli/key_commands.h"
#include "tools/cli/pool_commands.h"
#include "tools/cli/pool_session.h"

namespace ringcache::cli {
namespace {

void Run(const CommandLine& line, Console* console) {
  const auto session = PoolSession::Connect(line.servers, line.cluster);
  if (!session.ok()) {
    const bool is_down = absl::IsUnavailable(session.status());
    return console->Complain(is_down ? ExitStatus::kUnreachable : ExitStatus::kUsage,
                             session.status().message());
  }
  if (IsOfKeys(line.command)) {
    RunKeyCommand(line, stdin, session->get(), console);
  } else {
    RunPoolCommand(line, session->get(), console);
  }
}

ExitStatus Main(const std::vector<absl::string_view>& arguments) {
  Console console(stdout, stderr, isatty(STDOUT_FILENO) == 1);
  const absl::StatusOr<CommandLine> line = ParseCommandLine(arguments);
  if (!line.ok()) {
    console.Complain(ExitStatus::kUsage, line.status().message());
  } else if (line->help) {
    console.Write(CommandLineHelp());
  } else {
    Run(*line, &console);
  }
  return console.Finish();
}

}  // namespace
}  // namespace ringcache::cli

int main(int argc, char** argv) {
  return static_cast<int>(ringcache::cli::Main({argv + 1, argv + argc}));
}

// What operators and probes ask of a running process: see command_line.h for what it is asked, and
// docs/admin.md for its use.

#include <unistd.h>

#include <cstdio>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/ringctl/admin_connection.h"
#include "tools/ringctl/command_line.h"
#include "tools/ringctl/console.h"
#include "tools/ringctl/exit_status.h"
#include "tools/ringctl/run_command.h"

namespace ringcache::ringctl {
namespace {

ExitStatus Main(const std::vector<absl::string_view>& arguments) {
  Console console(stdout, stderr, isatty(STDOUT_FILENO) == 1);
  const absl::StatusOr<CommandLine> line = ParseCommandLine(arguments);
  if (!line.ok()) {
    console.Complain(ExitStatus::kUsage, line.status().message());
  } else if (line->help) {
    console.Write(CommandLineHelp());
  } else {
    SilenceGrpc();
    RunCommand(*line, &console);
  }
  return console.Finish();
}

}  // namespace
}  // namespace ringcache::ringctl

int main(int argc, char** argv) {
  return static_cast<int>(ringcache::ringctl::Main({argv + 1, argv + argc}));
}

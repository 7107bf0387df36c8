#include "tools/ring/run_command.h"

#include "tools/ring/locate.h"
#include "tools/ring/scale.h"
#include "tools/ring/show.h"

namespace ringcache::ring {

absl::StatusOr<std::string> RunCommand(const CommandLine& line) {
  if (line.help) return CommandLineHelp();
  switch (line.command) {
    case Command::kShow:
      return Show(line);
    case Command::kLocate:
      return Locate(line);
    case Command::kScale:
      return Scale(line);
  }
  return std::string();
}

}  // namespace ringcache::ring

// Who owns which keys: see command_line.h for its options, docs/routing.md for its use.
//
// Exits with 0 if all was shown, 1 if there is no such ring, 2 for wrong options.

#include <cstdio>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/ring/command_line.h"
#include "tools/ring/run_command.h"

namespace ringcache::ring {
namespace {

int Main(const std::vector<absl::string_view>& arguments) {
  const absl::StatusOr<CommandLine> line = ParseCommandLine(arguments);
  if (!line.ok()) {
    std::fprintf(stderr, "ring: %s\n", std::string(line.status().message()).c_str());
    return 2;
  }
  const absl::StatusOr<std::string> text = RunCommand(*line);
  if (!text.ok()) {
    std::fprintf(stderr, "ring: %s\n", std::string(text.status().message()).c_str());
    return 1;
  }
  const bool written = std::fputs(text->c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
  return written ? 0 : 1;
}

}  // namespace
}  // namespace ringcache::ring

int main(int argc, char** argv) { return ringcache::ring::Main({argv + 1, argv + argc}); }

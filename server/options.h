// The command line of the server: memcached's, as far as its function exists here.
//
// Values may be glued (-m64), separate (-m 64), or with leading space in one argument ("-m 64", as
// container charts pass them); long options take --name=value or --name value and may be shortened
// as long as they stay unique. What is accepted without effect, and what is refused, is listed in
// docs/protocol.md, section "Command line".
//
// Thread safety: functions only.

#ifndef RINGCACHE_SERVER_OPTIONS_H_
#define RINGCACHE_SERVER_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/container_memory.h"
#include "server/server_options.h"

namespace ringcache::server {

// What the command line asks for.
enum class ProgramAction : std::uint8_t { kServe, kPrintHelp, kPrintLicense, kPrintVersion };

struct CommandLine {
  ProgramAction action = ProgramAction::kServe;
  ServerOptions options;
  // Options that were accepted and change nothing, one sentence each; to be shown with -v.
  std::vector<std::string> notes;
};

// Parses the arguments that follow the program's name. Files are read for `-m auto` only. Fails
// with what was wrong and what would be right; the options returned are valid.
absl::StatusOr<CommandLine> ParseCommandLine(absl::Span<const char* const> arguments,
                                             FileReader read_file);

// What `-h` prints.
std::string HelpText();
// What `-i` prints.
absl::string_view LicenseText();

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_OPTIONS_H_

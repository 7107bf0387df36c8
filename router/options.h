// The command line of the router: mcrouter's, as far as its function exists here, and what only
// this router has. How values may be written is said in flags/argument_reader.h.
//
// Options of mcrouter's that change nothing here are accepted with a note; those whose absence
// would be missed, such as TLS, are refused with a reason: see foreign_options.h.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ROUTER_OPTIONS_H_
#define RINGCACHE_ROUTER_OPTIONS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "router/router_options.h"

namespace ringcache::router {

// What the command line asks for.
enum class ProgramAction : std::uint8_t { kServe, kPrintHelp, kPrintVersion, kCheckConfig };

// Whether the configuration is read before anything else, and what follows when it is good.
enum class ConfigCheck : std::uint8_t { kNo, kExit, kRun };

struct CommandLine {
  ProgramAction action = ProgramAction::kServe;
  RouterOptions options;
  // Options that were accepted and change nothing, one sentence each; to be shown with -v.
  std::vector<std::string> notes;

  // As written; ParseCommandLine makes options and action of them.
  std::string config;
  ConfigCheck check = ConfigCheck::kNo;
  bool ignore_down_marks = false;
  bool help = false;
  bool version = false;
};

// Parses the arguments that follow the program's name. Fails with what was wrong and what would be
// right; the options returned are valid.
absl::StatusOr<CommandLine> ParseCommandLine(absl::Span<const char* const> arguments);

// Each flag's name and value.
std::vector<std::pair<std::string, std::string>> SpellOptions(const RouterOptions& options);

// What `-h` prints.
std::string HelpText();

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_OPTIONS_H_

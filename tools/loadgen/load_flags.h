// The load generator's command line: one table of flags, read, spelled and explained.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_LOADGEN_LOAD_FLAGS_H_
#define RINGCACHE_TOOLS_LOADGEN_LOAD_FLAGS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tools/loadgen/load_options.h"

namespace ringcache::loadgen {

// Reads `--name=value`, `--name value` and, where the help says so, `--name`. The result is
// validated unless it asks for help.
absl::StatusOr<LoadOptions> ParseLoadOptions(absl::Span<const absl::string_view> arguments);

// Every flag with its value, as ParseLoadOptions reads it, without "--": what a report carries.
std::vector<std::pair<std::string, std::string>> SpellLoadOptions(const LoadOptions& options);

// The text of --help.
std::string LoadOptionsHelp();

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_LOAD_FLAGS_H_

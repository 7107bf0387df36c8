// From a command line to what is printed.
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_RING_RUN_COMMAND_H_
#define RINGCACHE_TOOLS_RING_RUN_COMMAND_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/ring/command_line.h"

namespace ringcache::ring {

// Fails if the members make no ring.
absl::StatusOr<std::string> RunCommand(const CommandLine& line);

}  // namespace ringcache::ring

#endif  // RINGCACHE_TOOLS_RING_RUN_COMMAND_H_

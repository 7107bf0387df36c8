// `ring locate`: which member owns a key.
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_RING_LOCATE_H_
#define RINGCACHE_TOOLS_RING_LOCATE_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/ring/command_line.h"

namespace ringcache::ring {

// A row for each key, and for each placement if there are several.
absl::StatusOr<std::string> Locate(const CommandLine& line);

}  // namespace ringcache::ring

#endif  // RINGCACHE_TOOLS_RING_LOCATE_H_

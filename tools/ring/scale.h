// `ring scale`: which keys change their owner when a pool changes.
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_RING_SCALE_H_
#define RINGCACHE_TOOLS_RING_SCALE_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/ring/command_line.h"

namespace ringcache::ring {

// A row for each pair of members between which keys move, or for each placement if there are
// several.
absl::StatusOr<std::string> Scale(const CommandLine& line);

}  // namespace ringcache::ring

#endif  // RINGCACHE_TOOLS_RING_SCALE_H_

// The floor of the floor: the same service by bare system calls. What net costs more than this is
// net's overhead.

#ifndef RINGCACHE_TOOLS_FLOOR_RAW_SERVER_H_
#define RINGCACHE_TOOLS_FLOOR_RAW_SERVER_H_

#include "absl/status/status.h"
#include "tools/floor/floor_options.h"

namespace ringcache::floor {

// Serves until the process is killed. A peer that does not take its replies stops its whole thread.
absl::Status RunRawServer(const FloorOptions& options, const Exchange& exchange);

}  // namespace ringcache::floor

#endif  // RINGCACHE_TOOLS_FLOOR_RAW_SERVER_H_

// The floor: a server that parses nothing and answers from a canned buffer. What it costs, the
// kernel and net cost; no server built on net can be cheaper.

#ifndef RINGCACHE_TOOLS_FLOOR_FLOOR_SERVER_H_
#define RINGCACHE_TOOLS_FLOOR_FLOOR_SERVER_H_

#include <cstddef>

#include "absl/status/status.h"
#include "tools/floor/floor_options.h"

namespace ringcache::floor {

// The most that one recv takes.
inline constexpr std::size_t kReceiveBytes = 64 * 1024;

// Serves on net until SIGINT or SIGTERM.
absl::Status RunFloorServer(const FloorOptions& options, const Exchange& exchange);

}  // namespace ringcache::floor

#endif  // RINGCACHE_TOOLS_FLOOR_FLOOR_SERVER_H_

// `ring show`: how much of the keys each member owns.
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_RING_SHOW_H_
#define RINGCACHE_TOOLS_RING_SHOW_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/ring/command_line.h"

namespace ringcache::ring {

// A bar for each member, or a row for each placement if there are several.
absl::StatusOr<std::string> Show(const CommandLine& line);

}  // namespace ringcache::ring

#endif  // RINGCACHE_TOOLS_RING_SHOW_H_

// `stats`: of one process or of all pods of a pool, once or again and again.
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_RINGCTL_STATS_COMMAND_H_
#define RINGCACHE_TOOLS_RINGCTL_STATS_COMMAND_H_

#include "tools/ringctl/command_line.h"
#include "tools/ringctl/console.h"

namespace ringcache::ringctl {

// With --watch it ends when a process that is asked alone fails, or standard output.
void RunStats(const CommandLine& line, Console* console);

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_STATS_COMMAND_H_

// Does what a command line asks for.
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_RINGCTL_RUN_COMMAND_H_
#define RINGCACHE_TOOLS_RINGCTL_RUN_COMMAND_H_

#include "tools/ringctl/command_line.h"
#include "tools/ringctl/console.h"

namespace ringcache::ringctl {

void RunCommand(const CommandLine& line, Console* console);

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_RUN_COMMAND_H_

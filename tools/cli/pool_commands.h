// The commands on the pool as a whole: stats, top, members, locate, version, flush.
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_CLI_POOL_COMMANDS_H_
#define RINGCACHE_TOOLS_CLI_POOL_COMMANDS_H_

#include "tools/cli/command_line.h"
#include "tools/cli/console.h"
#include "tools/cli/pool_session.h"

namespace ringcache::cli {

// REQUIRES: !IsOfKeys(line.command).
void RunPoolCommand(const CommandLine& line, PoolSession* session, Console* console);

}  // namespace ringcache::cli

#endif  // RINGCACHE_TOOLS_CLI_POOL_COMMANDS_H_

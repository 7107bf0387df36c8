// The commands on keys: get, set, delete, incr, ...
//
// Keys come from the command line or, one a line, from standard input; either way they are sent in
// batches, each of which is pipelined to all members at once.
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_CLI_KEY_COMMANDS_H_
#define RINGCACHE_TOOLS_CLI_KEY_COMMANDS_H_

#include <cstdio>

#include "tools/cli/command_line.h"
#include "tools/cli/console.h"
#include "tools/cli/pool_session.h"

namespace ringcache::cli {

// REQUIRES: IsOfKeys(line.command).
void RunKeyCommand(const CommandLine& line, std::FILE* input, PoolSession* session,
                   Console* console);

}  // namespace ringcache::cli

#endif  // RINGCACHE_TOOLS_CLI_KEY_COMMANDS_H_

// `ring`, `locate`, `plan`: who owns which keys, and what a change of members would move.
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_RINGCTL_RING_COMMANDS_H_
#define RINGCACHE_TOOLS_RINGCTL_RING_COMMANDS_H_

#include "tools/ringctl/admin_connection.h"
#include "tools/ringctl/command_line.h"
#include "tools/ringctl/console.h"

namespace ringcache::ringctl {

// REQUIRES: line.command is one of the three.
void RunRingCommand(const CommandLine& line, AdminConnection* connection, Console* console);

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_RING_COMMANDS_H_

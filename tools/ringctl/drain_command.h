// `drain`: begins a drain and sees it through, so that it can be a container's preStop hook.
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_RINGCTL_DRAIN_COMMAND_H_
#define RINGCACHE_TOOLS_RINGCTL_DRAIN_COMMAND_H_

#include "tools/ringctl/admin_connection.h"
#include "tools/ringctl/command_line.h"
#include "tools/ringctl/console.h"

namespace ringcache::ringctl {

// Prints how far the drain is, whenever that changes, until the process is gone, all its
// connections are closed, or --limit is over; the process drains on then.
void RunDrain(const CommandLine& line, AdminConnection* connection, Console* console);

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_DRAIN_COMMAND_H_

// `health`: whether the process serves, as a probe asks it.
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_RINGCTL_HEALTH_COMMAND_H_
#define RINGCACHE_TOOLS_RINGCTL_HEALTH_COMMAND_H_

#include "tools/ringctl/admin_connection.h"
#include "tools/ringctl/command_line.h"
#include "tools/ringctl/console.h"

namespace ringcache::ringctl {

// Prints it, and why not; of what the health service says, the admin interface knows the reason.
void RunHealth(const CommandLine& line, AdminConnection* connection, Console* console);

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_HEALTH_COMMAND_H_

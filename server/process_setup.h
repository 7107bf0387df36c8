// What a server does to its process around its start (process/process_setup.h).
//
// Thread safety: called before any thread is started.

#ifndef RINGCACHE_SERVER_PROCESS_SETUP_H_
#define RINGCACHE_SERVER_PROCESS_SETUP_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "process/background.h"
#include "server/server_options.h"

namespace ringcache::server {

// Before listening, while somebody hears what is wrong: whether the user exists (-u; kNotFound),
// the limits on descriptors (-c) and core files (-r). Adds to `warnings` what could not be had and
// need not stop the server.
absl::Status Prepare(const ServerOptions& options, std::vector<std::string>* warnings);

// After listening: into the background (-d), pid file (-P), locked memory (-k), another user (-u),
// who then owns the unix socket (-s) and the memory file (-e). The caller says when `background` is
// ready.
absl::Status TakePlace(const ServerOptions& options, process::Background* background,
                       std::vector<std::string>* warnings);

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_PROCESS_SETUP_H_

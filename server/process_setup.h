// What a server does to its process around its start: limits, identity, background, files that tell
// others about it.
//
// Thread safety: called before any thread is started.

#ifndef RINGCACHE_SERVER_PROCESS_SETUP_H_
#define RINGCACHE_SERVER_PROCESS_SETUP_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "net/descriptor.h"
#include "net/socket_address.h"
#include "server/server_options.h"

namespace ringcache::server {

// Before listening, while somebody hears what is wrong: whether the user exists (-u; kNotFound),
// the limits on descriptors (-c) and core files (-r). Adds to `warnings` what could not be had and
// need not stop the server.
absl::Status Prepare(const ServerOptions& options, std::vector<std::string>* warnings);

// The way into the background (-d). The process that was started stays until the one in the
// background is ready, so that whoever started it finds a server that listens and its pid file; or
// learns from the exit code that there is none.
class Background {
 public:
  // Goes on in a child, in a session of its own. The parent does not return: it exits with EX_OK
  // when the child is ready, or with the child's exit code when that ends before. Standard streams
  // stay as they are meanwhile, so that what goes wrong can be said.
  absl::Status Enter();
  // Gives up the standard streams and lets the parent go. Nothing without Enter.
  absl::Status Ready();

 private:
  net::Descriptor ready_;
};

// After listening: into the background (-d), pid file (-P), locked memory (-k), another user (-u),
// who then owns the unix socket (-s) and the memory file (-e). The caller says when `background` is
// ready.
absl::Status TakePlace(const ServerOptions& options, Background* background,
                       std::vector<std::string>* warnings);

// Writes a line "TCP INET: <port>" (or "TCP INET6") for each address to `path`, all at once, so
// that a reader that waits for the file sees it whole.
absl::Status WritePortFile(const std::string& path, absl::Span<const net::SocketAddress> addresses);

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_PROCESS_SETUP_H_

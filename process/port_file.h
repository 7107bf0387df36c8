// The file that tells others a program's ports, when the system chose them.
//
// Thread safety: a function.

#ifndef RINGCACHE_PROCESS_PORT_FILE_H_
#define RINGCACHE_PROCESS_PORT_FILE_H_

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "net/socket_address.h"

namespace ringcache::process {

// Where the environment variable MEMCACHED_PORT_FILENAME names a path, writes a line
// "TCP INET: <port>" (or "TCP INET6") for each address to it, all at once, so that a reader that
// waits for the file sees it whole.
absl::Status WritePortFile(absl::Span<const net::SocketAddress> addresses);

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_PORT_FILE_H_

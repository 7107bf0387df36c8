// The times and bounds of a connection to a server.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_CLIENT_CONNECTION_OPTIONS_H_
#define RINGCACHE_CLIENT_CONNECTION_OPTIONS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace ringcache::client {

struct ConnectionOptions {
  // How long the handshake may take. Long enough for one lost SYN (1 s) is too long for a cache.
  absl::Duration connect_timeout = absl::Milliseconds(500);
  // After a failed attempt nothing is tried for this time, doubled with each failure in a row up to
  // the maximum; calls fail at once meanwhile. A quarter is left to chance, so that clients do not
  // come back in step.
  absl::Duration first_backoff = absl::Milliseconds(50);
  absl::Duration max_backoff = absl::Milliseconds(500);

  // Calls that await replies, those that were given up included; past it calls fail with
  // kQueueFull.
  std::size_t max_pending_calls = 65536;
  // Calls that were given up and may still be answered. Past it the server is taken for stuck, and
  // the connection is closed.
  std::size_t max_given_up_calls = 1024;
  // Bytes that the kernel has not taken; past it calls fail with kQueueFull, but one call always
  // fits.
  std::size_t max_queued_bytes = std::size_t{64} << 20;
  // Requests are kept, not only until they are sent, but until they are answered, so that whoever
  // made a call may read it again (RequestPlace).
  bool keep_requests = false;
  // A server that announces a longer value is out of step.
  std::uint32_t max_value_bytes = std::uint32_t{1} << 30;

  // Says which value is wrong and what would be right.
  absl::Status Validate() const;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_CONNECTION_OPTIONS_H_

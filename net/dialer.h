// Opens connections: whoever connects is given one, so that its peers may also be those of a test.
//
// Thread safety: as the implementation says.

#ifndef RINGCACHE_NET_DIALER_H_
#define RINGCACHE_NET_DIALER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "net/connection.h"
#include "net/connection_context.h"
#include "net/socket_address.h"

namespace ringcache::net {

class Dialer {
 public:
  virtual ~Dialer() = default;

  // Starts connecting and never blocks. There is no "connected" event: send at once, what is sent
  // waits until the connection stands (see Connection::handshake), and a refusal arrives as
  // OnClosed(kPeerError). The session is called from the loop only; `context` and `session` outlive
  // the connection, which may be destroyed when socket_connection.h says so. Fails at once when the
  // host has no route, no descriptors, or no such unix socket.
  virtual absl::StatusOr<std::unique_ptr<Connection>> Dial(const SocketAddress& address,
                                                           ConnectionContext* context,
                                                           Session* session) = 0;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_DIALER_H_

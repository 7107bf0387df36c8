// Starts connecting a stream socket. There is no "connected" event: give the descriptor to a
// SocketConnection and send at once; what is sent waits until the connection stands, and a refusal
// arrives as OnClosed(kPeerError).

#ifndef RINGCACHE_NET_CONNECTOR_H_
#define RINGCACHE_NET_CONNECTOR_H_

#include "absl/status/statusor.h"
#include "net/descriptor.h"
#include "net/socket_address.h"

namespace ringcache::net {

// Never blocks. Fails at once when the host has no route, no descriptors, or no such unix socket.
absl::StatusOr<Descriptor> StartConnecting(const SocketAddress& address);

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_CONNECTOR_H_

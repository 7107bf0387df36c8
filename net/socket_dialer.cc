#include "net/socket_dialer.h"

#include <utility>

#include "net/connector.h"
#include "net/descriptor.h"
#include "net/socket_connection.h"

namespace ringcache::net {

absl::StatusOr<std::unique_ptr<Connection>> SocketDialer::Dial(const SocketAddress& address,
                                                               ConnectionContext* context,
                                                               Session* session) {
  absl::StatusOr<Descriptor> socket = StartConnecting(address);
  if (!socket.ok()) return socket.status();
  return std::make_unique<SocketConnection>(context, *std::move(socket), session);
}

}  // namespace ringcache::net

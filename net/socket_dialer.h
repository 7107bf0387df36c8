// The dialer of programs: a SocketConnection, TCP or unix, to each address.
//
// Thread safety: any, as it has no state; a connection belongs to its context's loop.

#ifndef RINGCACHE_NET_SOCKET_DIALER_H_
#define RINGCACHE_NET_SOCKET_DIALER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "net/connection.h"
#include "net/connection_context.h"
#include "net/dialer.h"
#include "net/socket_address.h"

namespace ringcache::net {

class SocketDialer final : public Dialer {
 public:
  absl::StatusOr<std::unique_ptr<Connection>> Dial(const SocketAddress& address,
                                                   ConnectionContext* context,
                                                   Session* session) override;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_SOCKET_DIALER_H_

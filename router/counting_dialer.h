// A dialer of tests that counts the writes to each address.
//
// Thread safety: as the dialer that it wraps.

#ifndef RINGCACHE_ROUTER_COUNTING_DIALER_H_
#define RINGCACHE_ROUTER_COUNTING_DIALER_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "net/connection.h"
#include "net/connection_context.h"
#include "net/dialer.h"
#include "net/socket_address.h"
#include "router/counting_connection.h"

namespace ringcache::router {

class CountingDialer final : public net::Dialer {
 public:
  // `dialer` outlives this.
  explicit CountingDialer(net::Dialer* dialer) : dialer_(*dialer) {}

  absl::StatusOr<std::unique_ptr<net::Connection>> Dial(const net::SocketAddress& address,
                                                        net::ConnectionContext* context,
                                                        net::Session* session) override {
    auto connection = dialer_.Dial(address, context, session);
    if (!connection.ok()) return connection.status();
    return std::make_unique<CountingConnection>(*std::move(connection),
                                                &writes_[address.ToString()]);
  }
  int writes(const net::SocketAddress& address) { return writes_[address.ToString()]; }

 private:
  net::Dialer& dialer_;
  std::map<std::string, int> writes_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_COUNTING_DIALER_H_

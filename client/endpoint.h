// Where a connection goes, and what it shows and expects there.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_CLIENT_ENDPOINT_H_
#define RINGCACHE_CLIENT_ENDPOINT_H_

#include <string>

#include "discovery/member.h"
#include "net/socket_address.h"

namespace ringcache::client {

struct Endpoint {
  net::SocketAddress address;
  // The name to expect in the server's certificate, and which credentials to present: discovery
  // brings them here, and no transport uses them yet.
  std::string tls_name;
  std::string credentials;

  static Endpoint Of(const discovery::Member& member) {
    return {member.address, member.tls_name, member.credentials};
  }

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_ENDPOINT_H_

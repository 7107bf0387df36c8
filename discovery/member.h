// A member of a pool as discovery knows it: a stable identity, and where to connect today.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_DISCOVERY_MEMBER_H_
#define RINGCACHE_DISCOVERY_MEMBER_H_

#include <cstdint>
#include <string>

#include "net/socket_address.h"

namespace ringcache::discovery {

struct Member {
  // Who it is, for as long as the pool lives: a DNS name without trailing dot and in lower case,
  // or, where nothing better is known, the numeric address without brackets, or a unix socket's
  // path.
  std::string name;
  // 0 for a unix socket. (name, port) is unique within a pool.
  std::uint16_t port = 0;
  // Where to connect now; it may change while the identity stays.
  net::SocketAddress address;
  // At least 1.
  std::uint32_t weight = 1;
  // The name to expect in the server's certificate, and which credentials to present. Carried from
  // the configuration to the connection; nothing uses them yet.
  std::string tls_name;
  std::string credentials;
  // It has vanished from the answers and is within its grace time, or it is a name in a list that
  // has no address yet (then address.port() is 0): it keeps its place on the ring, but what it owns
  // is to be failed over at once.
  bool vanished = false;

  friend bool operator==(const Member&, const Member&) = default;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_MEMBER_H_

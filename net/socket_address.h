// An address to bind or connect a stream socket to: IPv4, IPv6 or the path of a unix socket. A
// value.

#ifndef RINGCACHE_NET_SOCKET_ADDRESS_H_
#define RINGCACHE_NET_SOCKET_ADDRESS_H_

#include <sys/socket.h>
#include <sys/un.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ringcache::net {

class SocketAddress {
 public:
  // 0.0.0.0:0
  SocketAddress();

  // Numeric addresses and paths only, so that nothing is looked up and nothing blocks:
  //   "1.2.3.4:11211"  "1.2.3.4"  "[::1]:11211"  "[::1]"  "::1"  "unix:/run/cache.sock"
  //   "/run/cache.sock"
  // `default_port` is taken where none is written.
  static absl::StatusOr<SocketAddress> Parse(absl::string_view text, std::uint16_t default_port);

  // All addresses to bind for `text`, which may also be a name, looked up with getaddrinfo, or "*",
  // "" or ":port" for every IPv4 and IPv6 address of this host. Blocks: for start-up only.
  static absl::StatusOr<std::vector<SocketAddress>> ResolveForBinding(absl::string_view text,
                                                                      std::uint16_t default_port);

  static SocketAddress Loopback(std::uint16_t port);  // 127.0.0.1
  // REQUIRES: `size` <= sizeof(sockaddr_un), and the family is one of the three.
  static SocketAddress FromSockaddr(const sockaddr* address, socklen_t size);
  // The address `descriptor` is bound to, with the port that the kernel chose for port 0.
  static absl::StatusOr<SocketAddress> OfLocalEnd(int descriptor);

  // What Parse accepts: "1.2.3.4:11211", "[::1]:11211", "unix:/run/cache.sock".
  std::string ToString() const;

  bool is_ipv6() const { return any()->sa_family == AF_INET6; }
  bool is_unix() const { return any()->sa_family == AF_UNIX; }
  int family() const { return any()->sa_family; }
  // In host order; 0 for a unix socket.
  std::uint16_t port() const;
  // Empty unless is_unix().
  absl::string_view path() const;
  // The address alone: "1.2.3.4", "::1" (no brackets, no port); the path of a unix socket.
  std::string host() const;

  const sockaddr* data() const { return any(); }
  socklen_t size() const { return size_; }

  friend bool operator==(const SocketAddress& a, const SocketAddress& b);
  friend bool operator!=(const SocketAddress& a, const SocketAddress& b) { return !(a == b); }

 private:
  const sockaddr* any() const { return reinterpret_cast<const sockaddr*>(&storage_); }

  sockaddr_un storage_;  // the largest of the three; sockaddr_storage would be no larger in use
  socklen_t size_;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_SOCKET_ADDRESS_H_

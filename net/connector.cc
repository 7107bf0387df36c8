#include "net/connector.h"

#include <sys/socket.h>

#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ringcache::net {

absl::StatusOr<Descriptor> StartConnecting(const SocketAddress& address) {
  Descriptor socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.valid()) {
    return absl::ErrnoToStatus(errno, absl::StrCat("no socket to reach ", address.ToString()));
  }
  if (connect(socket.get(), address.data(), address.size()) != 0 && errno != EINPROGRESS) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot connect to ", address.ToString()));
  }
  return socket;
}

}  // namespace ringcache::net

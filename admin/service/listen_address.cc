#include "admin/service/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "net/descriptor.h"

namespace ringcache::admin {

using absl::string_view;

namespace {

std::string Because(int error) { return absl::StrCat(": ", std::strerror(error)); }

struct Address {
  sockaddr_storage bytes = {};
  socklen_t size = 0;
};

// Size 0 if `listen` is no numeric address.
Address ParseAddress(const std::string& listen, int port) {
  Address address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.bytes);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.bytes);
  if (inet_pton(AF_INET, listen.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(static_cast<std::uint16_t>(port));
    address.size = sizeof(*v4);
  } else if (inet_pton(AF_INET6, listen.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(static_cast<std::uint16_t>(port));
    address.size = sizeof(*v6);
  }
  return address;
}

absl::Status CannotListen(const std::string& listen, int port, int error) {
  const std::string what = absl::StrCat("cannot listen on ", AddressText(listen, port));
  if (error == EADDRINUSE) {
    return absl::AlreadyExistsError(absl::StrCat(what, ": another program does"));
  }
  if (error == EADDRNOTAVAIL || error == EAFNOSUPPORT) {
    return absl::UnavailableError(
        absl::StrCat(what, ": --admin-listen is no address of this machine; give one that is,",
                     " or 0.0.0.0 for all"));
  }
  return absl::UnavailableError(absl::StrCat(what, Because(error)));
}

}  // namespace

absl::Status CheckPort(const std::string& listen, int port) {
  const Address address = ParseAddress(listen, port);
  if (address.size == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("--admin-listen is '", listen,
                     "', which is no numeric address; give one, such as 0.0.0.0 or ::"));
  }
  const net::Descriptor socket(
      ::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP));
  if (socket.get() < 0) return CannotListen(listen, port, errno);
  // As gRPC and the HTTP server do it: connections that are closed are not in the way.
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  const auto* bytes = reinterpret_cast<const sockaddr*>(&address.bytes);
  if (bind(socket.get(), bytes, address.size) != 0 || ::listen(socket.get(), 1) != 0) {
    return CannotListen(listen, port, errno);
  }
  return absl::OkStatus();
}

absl::Status CheckUnixSocket(const std::string& path) {
  const auto wrong = [&path](const auto&... what) {
    return absl::InvalidArgumentError(absl::StrCat("--admin-socket=", path, " ", what...));
  };
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return wrong("is too long; give at most ", sizeof(address.sun_path) - 1, " bytes");
  }
  std::memcpy(address.sun_path, path.c_str(), path.size());
  struct stat status;
  if (lstat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) return wrong("cannot be looked at", Because(errno));
    return absl::OkStatus();
  }
  if (!S_ISSOCK(status.st_mode)) return wrong("is there and is no socket; give another path");
  const net::Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 &&
      errno == ECONNREFUSED) {
    unlink(path.c_str());
    return absl::OkStatus();
  }
  return wrong("is served by another program; give another path");
}

std::string AddressText(string_view listen, int port) {
  const bool is_v6 = listen.find(':') != string_view::npos;
  return is_v6 ? absl::StrCat("[", listen, "]:", port) : absl::StrCat(listen, ":", port);
}

std::string UnixSocketUri(string_view path) {
  std::string uri = "unix:";
  for (const char byte : path) {
    const auto value = static_cast<std::uint8_t>(byte);
    if (absl::ascii_isalnum(value) || string_view("/-._~").find(byte) != string_view::npos) {
      uri += byte;
    } else {
      absl::StrAppend(&uri, "%", absl::Hex(value, absl::kZeroPad2));
    }
  }
  return uri;
}

}  // namespace ringcache::admin

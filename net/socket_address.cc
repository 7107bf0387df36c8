#include "net/socket_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace ringcache::net {
namespace {

constexpr absl::string_view kUnixPrefix = "unix:";
constexpr absl::string_view kForms =
    "; write host:port, 1.2.3.4:11211, [::1]:11211 or unix:/path/to/socket";

absl::Status Invalid(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("address \"", text, "\": ", why, kForms));
}

struct HostAndPort {
  std::string host;  // without brackets
  std::uint16_t port;
};

absl::StatusOr<std::uint16_t> ParsePort(absl::string_view text, absl::string_view port) {
  std::uint32_t number;
  const bool digits =
      std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || !absl::SimpleAtoi(port, &number) || number > 65535) {
    return Invalid(text, absl::StrCat("\"", port, "\" is not a port from 0 to 65535"));
  }
  return static_cast<std::uint16_t>(number);
}

absl::StatusOr<HostAndPort> Split(absl::string_view text, std::uint16_t default_port) {
  absl::string_view host = text;
  absl::string_view rest;
  if (absl::ConsumePrefix(&host, "[")) {
    const std::size_t bracket = host.find(']');
    if (bracket == absl::string_view::npos) return Invalid(text, "the \"[\" is not closed");
    rest = host.substr(bracket + 1);
    host = host.substr(0, bracket);
    if (!rest.empty() && rest[0] != ':') {
      return Invalid(text, absl::StrCat("\"", rest, "\" follows the \"]\""));
    }
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    const std::size_t colon = text.find(':');
    host = text.substr(0, colon);
    rest = text.substr(colon);
  }  // else: no port, or a bare IPv6 address
  HostAndPort result{std::string(host), default_port};
  if (!rest.empty()) {
    absl::StatusOr<std::uint16_t> port = ParsePort(text, rest.substr(1));
    if (!port.ok()) return port.status();
    result.port = *port;
  }
  return result;
}

SocketAddress FromIpv4(const in_addr& address, std::uint16_t port) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  v4.sin_addr = address;
  return SocketAddress::FromSockaddr(reinterpret_cast<const sockaddr*>(&v4), sizeof(v4));
}

SocketAddress FromIpv6(const in6_addr& address, std::uint16_t port) {
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  v6.sin6_addr = address;
  return SocketAddress::FromSockaddr(reinterpret_cast<const sockaddr*>(&v6), sizeof(v6));
}

absl::StatusOr<SocketAddress> ParsePath(absl::string_view text, absl::string_view path) {
  sockaddr_un un{};
  un.sun_family = AF_UNIX;
  if (path.empty()) return Invalid(text, "the path of the unix socket is missing");
  if (path.size() >= sizeof(un.sun_path)) {
    return Invalid(text, absl::StrCat("the path has ", path.size(), " bytes; the system takes ",
                                      sizeof(un.sun_path) - 1));
  }
  if (path.find('\0') != absl::string_view::npos) return Invalid(text, "the path has a zero byte");
  std::memcpy(un.sun_path, path.data(), path.size());
  return SocketAddress::FromSockaddr(
      reinterpret_cast<const sockaddr*>(&un),
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1));
}

}  // namespace

SocketAddress::SocketAddress() : storage_{}, size_(sizeof(sockaddr_in)) {
  storage_.sun_family = AF_INET;
}

absl::StatusOr<SocketAddress> SocketAddress::Parse(absl::string_view text,
                                                   std::uint16_t default_port) {
  absl::string_view path = text;
  if (absl::ConsumePrefix(&path, kUnixPrefix) || absl::StartsWith(text, "/")) {
    return ParsePath(text, path);
  }
  absl::StatusOr<HostAndPort> parts = Split(text, default_port);
  if (!parts.ok()) return parts.status();
  if (parts->host.empty()) return Invalid(text, "the host is missing");
  in_addr v4;
  in6_addr v6;
  if (inet_pton(AF_INET, parts->host.c_str(), &v4) == 1) return FromIpv4(v4, parts->port);
  if (inet_pton(AF_INET6, parts->host.c_str(), &v6) == 1) return FromIpv6(v6, parts->port);
  return Invalid(text, absl::StrCat("\"", parts->host, "\" is not an IPv4 or IPv6 address"));
}

absl::StatusOr<std::vector<SocketAddress>> SocketAddress::ResolveForBinding(
    absl::string_view text, std::uint16_t default_port) {
  if (absl::StatusOr<SocketAddress> numeric = Parse(text, default_port); numeric.ok()) {
    return std::vector<SocketAddress>{*numeric};
  } else if (absl::StartsWith(text, kUnixPrefix) || absl::StartsWith(text, "/") ||
             absl::StartsWith(text, "[")) {
    return numeric.status();
  }
  absl::StatusOr<HostAndPort> parts = Split(text, default_port);
  if (!parts.ok()) return parts.status();
  if (parts->host.empty() || parts->host == "*") {
    return std::vector<SocketAddress>{FromIpv4(in_addr{INADDR_ANY}, parts->port),
                                      FromIpv6(in6addr_any, parts->port)};
  }
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(parts->host.c_str(), nullptr, &hints, &list);
  if (error != 0) {
    return absl::NotFoundError(absl::StrCat("address \"", text, "\": cannot look up \"",
                                            parts->host, "\": ", gai_strerror(error), kForms));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(list, freeaddrinfo);
  std::vector<SocketAddress> addresses;
  for (const addrinfo* info = list; info != nullptr; info = info->ai_next) {
    if (info->ai_family == AF_INET) {
      const auto* v4 = reinterpret_cast<const sockaddr_in*>(info->ai_addr);
      addresses.push_back(FromIpv4(v4->sin_addr, parts->port));
    } else if (info->ai_family == AF_INET6) {
      const auto* v6 = reinterpret_cast<const sockaddr_in6*>(info->ai_addr);
      addresses.push_back(FromIpv6(v6->sin6_addr, parts->port));
    }
  }
  if (addresses.empty()) return Invalid(text, "the name has no IPv4 or IPv6 address");
  return addresses;
}

SocketAddress SocketAddress::Loopback(std::uint16_t port) {
  return FromIpv4(in_addr{htonl(INADDR_LOOPBACK)}, port);
}

SocketAddress SocketAddress::FromSockaddr(const sockaddr* address, socklen_t size) {
  SocketAddress result;
  result.storage_ = {};
  result.size_ = std::min(size, static_cast<socklen_t>(sizeof(result.storage_)));
  std::memcpy(&result.storage_, address, result.size_);
  return result;
}

absl::StatusOr<SocketAddress> SocketAddress::OfLocalEnd(int descriptor) {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (getsockname(descriptor, address, &size) != 0) {
    return absl::ErrnoToStatus(errno, "cannot tell what a socket is bound to");
  }
  return FromSockaddr(address, size);
}

std::string SocketAddress::ToString() const {
  if (is_unix()) return absl::StrCat(kUnixPrefix, path());
  if (is_ipv6()) return absl::StrCat("[", host(), "]:", port());
  return absl::StrCat(host(), ":", port());
}

std::string SocketAddress::host() const {
  if (is_unix()) return std::string(path());
  char text[INET6_ADDRSTRLEN] = "";
  if (is_ipv6()) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&storage_);
    inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof(text));
  } else {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&storage_);
    inet_ntop(AF_INET, &v4->sin_addr, text, sizeof(text));
  }
  return text;
}

std::uint16_t SocketAddress::port() const {
  if (is_unix()) return 0;
  // The port lies at the same place in both.
  static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
  return ntohs(reinterpret_cast<const sockaddr_in*>(&storage_)->sin_port);
}

absl::string_view SocketAddress::path() const {
  if (!is_unix()) return {};
  return absl::string_view(storage_.sun_path,
                           strnlen(storage_.sun_path, sizeof(storage_.sun_path)));
}

bool operator==(const SocketAddress& a, const SocketAddress& b) {
  return a.size_ == b.size_ && std::memcmp(&a.storage_, &b.storage_, a.size_) == 0;
}

}  // namespace ringcache::net

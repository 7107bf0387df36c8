#include "discovery/dns_records.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

#include "absl/strings/str_cat.h"

namespace ringcache::discovery {
namespace {

constexpr std::size_t kIpv4Bytes = 4;

}  // namespace

net::SocketAddress MakeAddress(absl::string_view bytes, std::uint16_t port) {
  if (bytes.size() == kIpv4Bytes) {
    sockaddr_in v4 = {};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, bytes.data(), sizeof(v4.sin_addr));
    return net::SocketAddress::FromSockaddr(reinterpret_cast<const sockaddr*>(&v4), sizeof(v4));
  }
  sockaddr_in6 v6 = {};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  std::memcpy(&v6.sin6_addr, bytes.data(), sizeof(v6.sin6_addr));
  return net::SocketAddress::FromSockaddr(reinterpret_cast<const sockaddr*>(&v6), sizeof(v6));
}

std::string AddressName(absl::string_view bytes) {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(bytes.size() == kIpv4Bytes ? AF_INET : AF_INET6, bytes.data(), text, sizeof(text));
  return text;
}

std::string ReverseName(absl::string_view bytes) {
  std::string name;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    if (bytes.size() == kIpv4Bytes) {
      absl::StrAppend(&name, byte, ".");
    } else {
      absl::StrAppend(&name, absl::Hex(byte & 15), ".", absl::Hex(byte >> 4), ".");
    }
  }
  return name + (bytes.size() == kIpv4Bytes ? "in-addr.arpa" : "ip6.arpa");
}

PoolAnswer TroubleOf(const LookupResult& result) {
  PoolAnswer answer;
  answer.outcome =
      result.error == DnsError::kNotFound ? PoolOutcome::kNotFound : PoolOutcome::kError;
  answer.problem = result.problem;
  answer.truncated = result.truncated;
  return answer;
}

}  // namespace ringcache::discovery

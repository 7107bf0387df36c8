#include "admin/service/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace ringcache::admin {

using absl::string_view;

namespace {

constexpr std::uint8_t kLoopbackNetwork = 127;

bool IsLoopbackV4(const std::string& address) {
  in_addr parsed;
  if (inet_pton(AF_INET, address.c_str(), &parsed) != 1) return false;
  return reinterpret_cast<const std::uint8_t*>(&parsed)[0] == kLoopbackNetwork;
}

bool IsLoopbackV6(const std::string& address) {
  in6_addr parsed;
  if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return false;
  if (IN6_IS_ADDR_LOOPBACK(&parsed)) return true;
  return IN6_IS_ADDR_V4MAPPED(&parsed) && parsed.s6_addr[12] == kLoopbackNetwork;
}

}  // namespace

bool IsLocalPeer(string_view peer) {
  if (absl::ConsumePrefix(&peer, "unix:")) return true;
  const bool is_v4 = absl::ConsumePrefix(&peer, "ipv4:");
  if (!is_v4 && !absl::ConsumePrefix(&peer, "ipv6:")) return false;
  // As in a URI; a zone is of no loopback address.
  std::string address = absl::StrReplaceAll(peer, {{"%5B", "["}, {"%5D", "]"}});
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) return false;
  address.resize(colon);
  if (is_v4) return IsLoopbackV4(address);
  const bool bracketed = absl::StartsWith(address, "[") && absl::EndsWith(address, "]");
  return bracketed && IsLoopbackV6(address.substr(1, address.size() - 2));
}

}  // namespace ringcache::admin

#include "router/cluster_config_reply.h"

#include <deque>
#include <vector>

#include "absl/strings/str_cat.h"
#include "discovery/member.h"
#include "net/socket_address.h"
#include "protocol/cluster_config.h"
#include "protocol/reply_writer.h"
#include "protocol/standard_reply.h"

namespace ringcache::router {
namespace {

// "10.0.0.1", "::1"; empty if it is not known yet.
std::string IpOf(const net::SocketAddress& address) {
  return address.port() == 0 ? "" : address.host();
}

}  // namespace

std::string ClusterConfigReply(const BackendPool& pool) {
  std::deque<std::string> ips;
  std::vector<protocol::ClusterNode> nodes;
  for (std::uint32_t i = 0; i < pool.size(); ++i) {
    const discovery::Member& member = pool.member(i).member();
    if (member.port == 0) continue;
    nodes.push_back({member.name, ips.emplace_back(IpOf(member.address)), member.port});
  }
  const std::uint64_t version = pool.pool().version();
  const std::size_t bytes = protocol::ClusterConfigBytes(version, nodes);
  if (nodes.empty() || bytes > protocol::kMaxClusterConfigBytes) {
    return absl::StrCat("SERVER_ERROR pool ", pool.name(), " has ",
                        nodes.empty() ? "no members" : "too many members", "\r\n");
  }
  char header[protocol::kMaxValueHeaderBytes];
  char* const end = protocol::WriteConfigHeader(header, protocol::kClusterConfigKey,
                                                static_cast<std::uint32_t>(bytes));
  std::string payload(bytes, '\0');
  protocol::WriteClusterConfig(payload.data(), version, nodes);
  return absl::StrCat(absl::string_view(header, static_cast<std::size_t>(end - header)), payload,
                      "\r\n", protocol::ReplyText(protocol::StandardReply::kEnd));
}

}  // namespace ringcache::router

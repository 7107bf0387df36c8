#include "client/config/config_members.h"

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "discovery/discovery_address.h"
#include "discovery/dns_name.h"
#include "net/socket_address.h"
#include "protocol/cluster_config.h"

namespace ringcache::client {
namespace {

using discovery::PoolAnswer;
using discovery::PoolOutcome;

// Of what is wrong, this much is quoted.
constexpr std::size_t kQuotedBytes = 80;

PoolAnswer Trouble(PoolOutcome outcome, absl::string_view what, absl::string_view wrong) {
  PoolAnswer answer;
  answer.outcome = outcome;
  answer.problem = std::string(what);
  if (!wrong.empty()) {
    absl::StrAppend(&answer.problem, ": \"", absl::CHexEscape(wrong.substr(0, kQuotedBytes)),
                    wrong.size() > kQuotedBytes ? "...\"" : "\"");
  }
  return answer;
}

absl::StatusOr<net::SocketAddress> ParseAddress(absl::string_view ip, std::uint16_t port) {
  return net::SocketAddress::Parse(absl::StrCat("[", ip, "]"), port);
}

// What is wrong with the node, or nothing.
std::string ReadNode(const protocol::ClusterNode& node, discovery::Candidate* candidate) {
  // A path would be a member, too, but not one that a cloud can mean.
  const bool is_ipv6 = absl::StrContains(node.host, ':');
  const auto member = discovery::WrittenMember::Parse(
      absl::StrCat(is_ipv6 ? "[" : "", node.host, is_ipv6 ? "]" : "", ":", node.port));
  if (!member.ok()) return std::string(member.status().message());
  if (member->is_path()) return absl::StrCat("\"", node.host, "\" is not the name of a host");
  candidate->name = discovery::CanonicalName(member->host);
  candidate->port = node.port;
  const auto address = ParseAddress(node.ip.empty() ? member->host : node.ip, node.port);
  if (address.ok()) {
    candidate->addresses.push_back(*address);
  } else if (!node.ip.empty()) {
    return absl::StrCat("\"", node.ip, "\" is not an address");
  }
  return "";
}

}  // namespace

PoolAnswer ReadConfigMembers(absl::string_view payload, std::uint64_t* version) {
  protocol::ClusterConfig config;
  const protocol::ClusterConfigError error = protocol::ParseClusterConfig(payload, &config);
  if (error != protocol::ClusterConfigError::kNone) {
    const bool is_empty = error == protocol::ClusterConfigError::kNoNodes;
    return Trouble(is_empty ? PoolOutcome::kEmpty : PoolOutcome::kError,
                   protocol::ClusterConfigErrorText(error), config.wrong);
  }
  // Before anything is done for each of them.
  if (config.node_count > discovery::kMaxMembers) {
    return Trouble(
        PoolOutcome::kError,
        absl::StrCat(config.node_count, " members; a pool has at most ", discovery::kMaxMembers),
        "");
  }
  PoolAnswer answer;
  protocol::ClusterNodeIterator nodes(config.nodes);
  for (protocol::ClusterNode node; nodes.Next(&node);) {
    discovery::Candidate candidate;
    if (const std::string problem = ReadNode(node, &candidate); !problem.empty()) {
      return Trouble(PoolOutcome::kError, problem, "");
    }
    answer.candidates.push_back(std::move(candidate));
  }
  *version = config.version;
  return answer;
}

}  // namespace ringcache::client

#include "tools/ring/pool.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace ringcache::ring {
namespace {

using absl::string_view;
using hashring::Member;

absl::Status Wrong(string_view server, string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", server, "' ", what, "; servers are written host:port or [ipv6]:port"));
}

absl::StatusOr<Member> MemberOf(string_view server) {
  if (absl::StartsWith(server, "/")) return Member{.host = std::string(server), .port = 0};
  Member member;
  string_view port;
  if (absl::StartsWith(server, "[")) {
    const std::size_t end = server.find(']');
    if (end == string_view::npos) return Wrong(server, "has no ]");
    member.host = std::string(server.substr(1, end - 1));
    port = server.substr(end + 1);
  } else {
    const std::size_t colon = std::min(server.find(':'), server.size());
    member.host = std::string(server.substr(0, colon));
    port = server.substr(colon);
    if (absl::StrContains(port.substr(std::min<std::size_t>(1, port.size())), ':')) {
      return Wrong(server, "has more than one colon");
    }
  }
  if (member.host.empty()) return Wrong(server, "has no host");
  if (port.empty()) return member;
  std::uint32_t number = 0;
  if (port[0] != ':' || !absl::SimpleAtoi(port.substr(1), &number) || number == 0 ||
      number > 65535) {
    return Wrong(server, "has no port from 1 to 65535");
  }
  member.port = static_cast<std::uint16_t>(number);
  return member;
}

}  // namespace

absl::StatusOr<std::vector<Member>> MembersOfList(absl::Span<const std::string> servers) {
  std::vector<Member> members;
  for (const std::string& server : servers) {
    absl::StatusOr<Member> member = MemberOf(server);
    if (!member.ok()) return member.status();
    members.push_back(*std::move(member));
  }
  return members;
}

absl::StatusOr<StatefulSet> ParseStatefulSet(string_view text) {
  const std::vector<string_view> labels = absl::StrSplit(text, '.');
  const bool has_empty = std::find(labels.begin(), labels.end(), "") != labels.end();
  if (labels.size() < 2 || has_empty) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' is neither SET.NAMESPACE nor SET.SERVICE.NAMESPACE"));
  }
  const auto svc = std::find(labels.begin(), labels.end(), "svc");
  // The labels of set, service and namespace.
  const absl::Span<const string_view> own(labels.data(),
                                          static_cast<std::size_t>(svc - labels.begin()));
  if (own.size() < 2 || own.size() > 3) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' has ", own.size(),
                     " labels before the cluster's domain; these are SET.NAMESPACE or"
                     " SET.SERVICE.NAMESPACE"));
  }
  const string_view service = own.size() == 3 ? own[1] : own[0];
  const std::string zone =
      svc == labels.end() ? "svc.cluster.local" : absl::StrJoin(svc, labels.end(), ".");
  return StatefulSet{.name = std::string(own[0]),
                     .domain = absl::StrCat(service, ".", own.back(), ".", zone)};
}

std::vector<Member> MembersOfSet(const StatefulSet& set, std::uint32_t replicas) {
  std::vector<Member> members;
  for (std::uint32_t i = 0; i < replicas; ++i) {
    members.push_back({.host = absl::StrCat(set.name, "-", i, ".", set.domain), .port = set.port});
  }
  return members;
}

absl::Status SetWeights(absl::Span<const std::string> weights, std::vector<Member>* members) {
  if (weights.size() > members->size()) {
    return absl::InvalidArgumentError(
        absl::StrCat(weights.size(), " weights for ", members->size(), " members"));
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    std::uint32_t& weight = (*members)[i].weight;
    if (!absl::SimpleAtoi(weights[i], &weight) || weight == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("weight '", weights[i], "' is no whole number from 1"));
    }
  }
  return absl::OkStatus();
}

}  // namespace ringcache::ring

#include "discovery/discovery_address.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "discovery/dns_name.h"
#include "net/socket_address.h"

namespace ringcache::discovery {
namespace {

constexpr absl::string_view kUnixPrefix = "unix:";
constexpr absl::string_view kMemberForms =
    "write host:port, host:port:weight, 1.2.3.4:11211, [::1]:11211 or unix:/path/to/socket";

struct Scheme {
  absl::string_view prefix;
  DiscoveryKind kind;
  absl::string_view form;
};
// The first that a text begins with counts; ToString writes the first of a kind.
constexpr std::array<Scheme, 6> kSchemes = {{
    {"dns+", DiscoveryKind::kDns, "dns+host:port"},
    {"dnssrv+", DiscoveryKind::kDnsSrv, "dnssrv+_port._tcp.service"},
    {"file:", DiscoveryKind::kFile, "file:/path"},
    {"file+", DiscoveryKind::kFile, "file:/path"},
    {"k8s+", DiscoveryKind::kKubernetes, "k8s+SERVICE[.NAMESPACE][:PORT]"},
    {"config+", DiscoveryKind::kConfig, "config+host:port"},
}};

absl::Status Wrong(absl::string_view text, absl::string_view why, absl::string_view right) {
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\": ", why, "; ", right));
}

bool IsDigits(absl::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(c); });
}

// From 1 to `limit`.
bool ParseNumber(absl::string_view text, std::uint32_t limit, std::uint32_t* number) {
  return IsDigits(text) && absl::SimpleAtoi(text, number) && *number >= 1 && *number <= limit;
}

// An address in the one form that SocketAddress writes, without brackets and port; empty for what
// is not numeric.
std::string NumericHost(absl::string_view host) {
  const absl::StatusOr<net::SocketAddress> address =
      net::SocketAddress::Parse(absl::StrCat("[", host, "]"), 0);
  return address.ok() ? address->host() : "";
}

// 10.0.0.300 is a mistake, and no name of a host.
bool LooksNumeric(absl::string_view host) {
  return std::all_of(host.begin(), host.end(),
                     [](char c) { return absl::ascii_isdigit(c) || c == '.'; });
}

absl::StatusOr<WrittenMember> ParsePath(absl::string_view text) {
  const absl::StatusOr<net::SocketAddress> address = net::SocketAddress::Parse(text, 0);
  if (!address.ok()) return address.status();
  if (!absl::StartsWith(address->path(), "/")) {
    return Wrong(text, "the path of the unix socket is relative", "write unix:/path/to/socket");
  }
  return WrittenMember{std::string(address->path()), 0, 1};
}

// Takes the host off the front of `*rest`, and leaves what follows its colon.
absl::StatusOr<std::string> TakeHost(absl::string_view text, absl::string_view* rest) {
  absl::string_view host;
  if (absl::ConsumePrefix(rest, "[")) {
    const std::size_t bracket = rest->find(']');
    if (bracket == absl::string_view::npos) {
      return Wrong(text, "the \"[\" is not closed", kMemberForms);
    }
    host = rest->substr(0, bracket);
    rest->remove_prefix(bracket + 1);
    if (NumericHost(host).empty() || !absl::StrContains(host, ':')) {
      return Wrong(text, absl::StrCat("\"", host, "\" is not an IPv6 address"), kMemberForms);
    }
    if (!rest->empty() && (*rest)[0] != ':') {
      return Wrong(text, absl::StrCat("\"", *rest, "\" follows the \"]\""), kMemberForms);
    }
  } else {
    if (std::count(rest->begin(), rest->end(), ':') > 1 && !NumericHost(*rest).empty()) {
      return Wrong(text, "an IPv6 address needs brackets", absl::StrCat("write [", *rest, "]"));
    }
    host = rest->substr(0, rest->find(':'));
    rest->remove_prefix(host.size());
  }
  if (host.empty()) return Wrong(text, "the host is missing", kMemberForms);
  if (const std::string numeric = NumericHost(host); !numeric.empty()) return numeric;
  if (LooksNumeric(host)) {
    return Wrong(text, absl::StrCat("\"", host, "\" is not an IPv4 address"), kMemberForms);
  }
  if (!IsHostName(host)) {
    return Wrong(text, absl::StrCat("\"", host, "\" is not the name of a host"), kMemberForms);
  }
  return absl::AsciiStrToLower(host);
}

absl::StatusOr<DiscoveryAddress> ParseList(absl::string_view text) {
  DiscoveryAddress result;
  std::set<std::pair<std::string, std::uint16_t>> seen;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    absl::StatusOr<WrittenMember> member = WrittenMember::Parse(part);
    if (!member.ok()) return member.status();
    if (!seen.emplace(CanonicalName(member->host), member->port).second) {
      return Wrong(text, absl::StrCat(member->ToString(), " is there twice"),
                   "name each member once; a weight gives it more");
    }
    result.members.push_back(*std::move(member));
  }
  if (result.members.size() > kMaxMembers) {
    return absl::InvalidArgumentError(absl::StrCat("the list has ", result.members.size(),
                                                   " members; a pool has at most ", kMaxMembers));
  }
  return result;
}

// Of dns+ and config+.
absl::Status ParseHostAndPort(absl::string_view text, const Scheme& scheme,
                              DiscoveryAddress* result) {
  const std::string right = absl::StrCat("write ", scheme.form);
  const absl::StatusOr<WrittenMember> member =
      WrittenMember::Parse(text.substr(scheme.prefix.size()));
  if (!member.ok()) return member.status();
  if (member->is_path()) return Wrong(text, "a unix socket has no name to look up", right);
  if (std::count(text.begin(), text.end(), ':') > 1 && IsHostName(member->host)) {
    return Wrong(text, "a name has no weight here", right);
  }
  if (result->kind == DiscoveryKind::kDns && !NumericHost(member->host).empty()) {
    return Wrong(text, "there is nothing to look up for an address",
                 absl::StrCat("write ", member->ToString()));
  }
  result->name = member->host;
  result->port = member->port;
  return absl::OkStatus();
}

absl::Status ParseService(absl::string_view text, const Scheme& scheme, DiscoveryAddress* result) {
  const absl::string_view name = text.substr(scheme.prefix.size());
  const std::vector<absl::string_view> labels = absl::StrSplit(name, '.');
  if (!IsHostName(name) || labels.size() < 3 || labels[0].size() < 2 || labels[0][0] != '_' ||
      (labels[1] != "_tcp" && labels[1] != "_udp")) {
    return Wrong(text, absl::StrCat("\"", name, "\" is not the name of SRV records"),
                 "write dnssrv+_port._tcp.service, where _port is the port's name");
  }
  result->name = absl::AsciiStrToLower(name);
  result->port = 0;
  return absl::OkStatus();
}

absl::Status ParseKubernetes(absl::string_view text, const Scheme& scheme,
                             DiscoveryAddress* result) {
  const absl::string_view rest = text.substr(scheme.prefix.size());
  const std::string right = absl::StrCat("write ", scheme.form);
  const std::size_t colon = rest.find(':');
  const absl::string_view name = rest.substr(0, colon);
  if (!IsHostName(name) || absl::EndsWith(name, ".")) {
    return Wrong(text, absl::StrCat("\"", name, "\" is not the name of a Service"), right);
  }
  if (std::count(name.begin(), name.end(), '.') > 1) {
    return Wrong(text, "more than a Service and its namespace",
                 "write k8s+SERVICE.NAMESPACE, or dnssrv+ with the full name");
  }
  result->name = absl::AsciiStrToLower(name);
  if (colon == absl::string_view::npos) return absl::OkStatus();
  const absl::string_view port = rest.substr(colon + 1);
  std::uint32_t number = 0;
  if (ParseNumber(port, 65535, &number)) {
    result->port = static_cast<std::uint16_t>(number);
    result->port_is_written = true;
    return absl::OkStatus();
  }
  if (IsDigits(port) || !IsHostName(port) || absl::StrContains(port, '.')) {
    return Wrong(text, absl::StrCat("\"", port, "\" is neither a port nor a port's name"), right);
  }
  result->port_name = absl::AsciiStrToLower(port);
  return absl::OkStatus();
}

absl::StatusOr<DiscoveryAddress> ParseScheme(absl::string_view text, const Scheme& scheme) {
  DiscoveryAddress result;
  result.kind = scheme.kind;
  absl::Status status;
  switch (scheme.kind) {
    case DiscoveryKind::kList:
      break;
    case DiscoveryKind::kDns:
    case DiscoveryKind::kConfig:
      status = ParseHostAndPort(text, scheme, &result);
      break;
    case DiscoveryKind::kDnsSrv:
      status = ParseService(text, scheme, &result);
      break;
    case DiscoveryKind::kFile:
      result.name = std::string(text.substr(scheme.prefix.size()));
      if (result.name.empty()) status = Wrong(text, "the path is missing", "write file:/path");
      break;
    case DiscoveryKind::kKubernetes:
      status = ParseKubernetes(text, scheme, &result);
      break;
  }
  if (!status.ok()) return status;
  return result;
}

// `name+`, which no host, address or path begins with.
bool HasUnknownScheme(absl::string_view text) {
  const std::size_t plus = text.find('+');
  return plus != absl::string_view::npos && text.find_first_of("/:.,[") > plus;
}

}  // namespace

absl::StatusOr<WrittenMember> WrittenMember::Parse(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (text.empty()) return Wrong(text, "a member is missing", kMemberForms);
  if (absl::StartsWith(text, "/") || absl::StartsWith(text, kUnixPrefix)) return ParsePath(text);
  absl::string_view rest = text;
  absl::StatusOr<std::string> host = TakeHost(text, &rest);
  if (!host.ok()) return host.status();
  WrittenMember member{*std::move(host), kDefaultPort, 1};
  if (rest.empty()) return member;
  const std::vector<absl::string_view> numbers = absl::StrSplit(rest.substr(1), ':');
  std::uint32_t port = 0;
  if (!ParseNumber(numbers[0], 65535, &port)) {
    return Wrong(text, absl::StrCat("\"", numbers[0], "\" is not a port from 1 to 65535"),
                 kMemberForms);
  }
  member.port = static_cast<std::uint16_t>(port);
  if (numbers.size() > 1 && !ParseNumber(numbers[1], kMaxWeight, &member.weight)) {
    return Wrong(text, absl::StrCat("\"", numbers[1], "\" is not a weight from 1 to ", kMaxWeight),
                 kMemberForms);
  }
  if (numbers.size() > 2) return Wrong(text, "there is more after the weight", kMemberForms);
  return member;
}

std::string WrittenMember::ToString() const {
  if (is_path()) return absl::StrCat(kUnixPrefix, host);
  const bool ipv6 = absl::StrContains(host, ':');
  return absl::StrCat(ipv6 ? "[" : "", host, ipv6 ? "]" : "", ":", port,
                      weight == 1 ? "" : absl::StrCat(":", weight));
}

absl::StatusOr<DiscoveryAddress> DiscoveryAddress::Parse(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  for (const Scheme& scheme : kSchemes) {
    if (absl::StartsWith(text, scheme.prefix)) return ParseScheme(text, scheme);
  }
  if (HasUnknownScheme(text)) {
    const auto append_form = [](std::string* out, const Scheme& scheme) {
      absl::StrAppend(out, scheme.form);
    };
    return Wrong(text, "there is no such way to find members",
                 absl::StrCat("write host:port,host:port or one of ",
                              absl::StrJoin(kSchemes, ", ", append_form)));
  }
  return ParseList(text);
}

std::string DiscoveryAddress::ToString() const {
  const auto append_member = [](std::string* out, const WrittenMember& member) {
    *out += member.ToString();
  };
  if (kind == DiscoveryKind::kList) return absl::StrJoin(members, ",", append_member);
  const auto scheme = std::find_if(kSchemes.begin(), kSchemes.end(),
                                   [this](const Scheme& row) { return row.kind == kind; });
  std::string text(scheme->prefix);
  switch (kind) {
    case DiscoveryKind::kList:
    case DiscoveryKind::kDnsSrv:
    case DiscoveryKind::kFile:
      text += name;
      break;
    case DiscoveryKind::kDns:
    case DiscoveryKind::kConfig:
      text += WrittenMember{name, port, 1}.ToString();
      break;
    case DiscoveryKind::kKubernetes:
      text += name;
      if (port_is_written) absl::StrAppend(&text, ":", port);
      if (!port_name.empty()) absl::StrAppend(&text, ":", port_name);
      break;
  }
  return text;
}

absl::StatusOr<std::vector<WrittenMember>> ParseMemberLines(absl::string_view text) {
  std::vector<WrittenMember> members;
  std::set<std::pair<std::string, std::uint16_t>> seen;
  std::size_t number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    absl::StatusOr<WrittenMember> member = WrittenMember::Parse(line);
    if (!member.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": ", member.status().message()));
    }
    if (!seen.emplace(CanonicalName(member->host), member->port).second) {
      return Wrong(line, absl::StrCat("line ", number, ": the member is there twice"),
                   "name each member once; a weight gives it more");
    }
    if (members.size() == kMaxMembers) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": a pool has at most ", kMaxMembers, " members"));
    }
    members.push_back(*std::move(member));
  }
  if (members.empty()) {
    return absl::InvalidArgumentError("no member is named; write one host:port a line");
  }
  return members;
}

}  // namespace ringcache::discovery

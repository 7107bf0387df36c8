// Where the members of a pool are written: what --servers and --discovery take.
//
//   10.0.0.1:11211,cache-b:11211:2,[::1]:11212,unix:/run/cache.sock   a list, weights last
//   dns+cache.example.com:11211        every A and AAAA record
//   dnssrv+_memcached._tcp.example.com every SRV record
//   file:/etc/cache/members            one host:port[:weight] a line
//   k8s+cache.default                  a headless Service, [.NAMESPACE][:PORT]
//   config+cache.example.com:11211     asked of a server ("config get cluster")
//
// Thread safety: a plain value.

#ifndef RINGCACHE_DISCOVERY_DISCOVERY_ADDRESS_H_
#define RINGCACHE_DISCOVERY_DISCOVERY_ADDRESS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ringcache::discovery {

inline constexpr std::uint16_t kDefaultPort = 11211;
// What an SRV record can say.
inline constexpr std::uint32_t kMaxWeight = 65535;
// In a pool, however it is followed. Ketama has 160 points a member: 1.6 million, some 25 MB.
inline constexpr std::size_t kMaxMembers = 10000;

// A member as a person writes it.
struct WrittenMember {
  std::string host;        // a name, an address without brackets, or the path of a unix socket
  std::uint16_t port = 0;  // 0 for a unix socket
  std::uint32_t weight = 1;

  // `host[:port[:weight]]`, `[::1]:port`, `unix:/path` or `/path`. Port and weight start at 1.
  static absl::StatusOr<WrittenMember> Parse(absl::string_view text);
  std::string ToString() const;
  bool is_path() const { return !host.empty() && host[0] == '/'; }

  friend bool operator==(const WrittenMember&, const WrittenMember&) = default;
};

enum class DiscoveryKind {
  kList,
  kDns,
  kDnsSrv,
  kFile,
  kKubernetes,
  kConfig,
};

struct DiscoveryAddress {
  DiscoveryKind kind = DiscoveryKind::kList;
  // kList: at least one, no two of the same host and port, as written.
  std::vector<WrittenMember> members = {};
  // kDns and kConfig: the host; kDnsSrv: the whole name; kFile: the path; kKubernetes: the Service,
  // or `service.namespace`. Names keep a trailing dot, which makes them absolute.
  std::string name = {};
  std::uint16_t port = kDefaultPort;  // kDns, kConfig, and kKubernetes without a port_name
  std::string port_name = {};         // kKubernetes: if one is written
  bool port_is_written = false;       // kKubernetes: as a number

  static absl::StatusOr<DiscoveryAddress> Parse(absl::string_view text);
  // What Parse accepts and makes the same of.
  std::string ToString() const;

  friend bool operator==(const DiscoveryAddress&, const DiscoveryAddress&) = default;
};

// Members of a text, one a line; `#` begins a comment. Fails naming the line, for a line that is
// not a member, a member that is there twice, more than kMaxMembers, or none at all.
absl::StatusOr<std::vector<WrittenMember>> ParseMemberLines(absl::string_view text);

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_DISCOVERY_ADDRESS_H_

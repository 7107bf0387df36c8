// The configuration of a cluster, as clouds' servers tell it to clients that discover their servers
// ("Auto Discovery" in Amazon ElastiCache's and Google Memorystore's documents):
//
//   12\n                                                      version, which rises with each change
//   a.example|10.0.0.1|11211 b.example|10.0.0.2|11211\n       host|ip|port; the ip may be empty
//
// It is the data block of the reply to "config get cluster" (CONFIG) or to "get
// AmazonElastiCache:cluster" (VALUE). Thread safety: functions only; an iterator has one caller.

#ifndef RINGCACHE_PROTOCOL_CLUSTER_CONFIG_H_
#define RINGCACHE_PROTOCOL_CLUSTER_CONFIG_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "protocol/key_iterator.h"

namespace ringcache::protocol {

// The arguments of `config`, and the key that its reply returns.
inline constexpr absl::string_view kClusterConfigArguments = "get cluster";
inline constexpr absl::string_view kClusterConfigKey = "cluster";
// Where servers that do not know `config` keep the same, for `get`: ElastiCache before 1.4.14.
inline constexpr absl::string_view kOldClusterConfigKey = "AmazonElastiCache:cluster";

// Of a payload: ten thousand nodes with names of the greatest length fit.
inline constexpr std::size_t kMaxClusterConfigBytes = std::size_t{4} << 20;
// Of a host: a name has 253 bytes at most, and may end in a dot (RFC 1035). Of an ip: 45 bytes hold
// any address, and 16 more the name of an interface.
inline constexpr std::size_t kMaxClusterHostBytes = 254;
inline constexpr std::size_t kMaxClusterIpBytes = 61;

struct ClusterNode {
  absl::string_view host;  // never empty
  absl::string_view ip;    // empty: the host is to be looked up
  std::uint16_t port = 0;  // 1 to 65535

  friend bool operator==(const ClusterNode&, const ClusterNode&) = default;
};

enum class ClusterConfigError : std::uint8_t {
  kNone,
  kTooLong,       // more than kMaxClusterConfigBytes
  kCutOff,        // a line has no newline: a node may have lost its end
  kBadVersion,    // the first line is not a number
  kNoNodes,       // the second line is empty
  kBadNode,       // not host|ip|port
  kFurtherLines,  // something follows the second line
};

// A payload that was read. Views point into it.
struct ClusterConfig {
  std::uint64_t version = 0;
  // Well-formed; ClusterNodeIterator walks them.
  absl::string_view nodes;
  std::size_t node_count = 0;
  // On an error: the part of the payload that is wrong.
  absl::string_view wrong;
};

// Reads `payload`, the whole data block without its "\r\n". On an error only `config->wrong`
// counts. Hosts and ips are words of printable characters within their bounds; whether they are
// names and addresses is for the caller to see. Lines may end in "\r\n", and empty ones may follow.
ClusterConfigError ParseClusterConfig(absl::string_view payload, ClusterConfig* config);

// Words for people, such as "a node is not host|ip|port"; empty for kNone.
absl::string_view ClusterConfigErrorText(ClusterConfigError error);

// Walks the nodes of a configuration in their order.
//
//   ClusterNodeIterator nodes(config.nodes);
//   for (ClusterNode node; nodes.Next(&node);) { ... }
class ClusterNodeIterator {
 public:
  explicit ClusterNodeIterator(absl::string_view nodes) : words_(nodes) {}

  // Stores the next node and returns true, or returns false at the end. REQUIRES: `nodes` are those
  // of a configuration that was read without error.
  bool Next(ClusterNode* node);

 private:
  KeyIterator words_;
};

// Bytes of the payload that WriteClusterConfig writes.
std::size_t ClusterConfigBytes(std::uint64_t version, absl::Span<const ClusterNode> nodes);

// Writes the payload at `out`, which has room for ClusterConfigBytes, and returns the end. The
// whole reply is WriteConfigHeader(), this, WriteNewline() and StandardReply::kEnd. REQUIRES: at
// least one node; hosts and ips as ParseClusterConfig takes them.
char* WriteClusterConfig(char* out, std::uint64_t version, absl::Span<const ClusterNode> nodes);

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_CLUSTER_CONFIG_H_

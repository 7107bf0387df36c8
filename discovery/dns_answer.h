// Reads a DNS message that answers a question (RFC 1035; SRV: RFC 2782; AAAA: RFC 3596). The bytes
// may be anything: every length is checked, compression pointers only lead backwards, and what does
// not add up is an error for the whole message. Records of other types are skipped.
//
// Thread safety: functions and plain values.

#ifndef RINGCACHE_DISCOVERY_DNS_ANSWER_H_
#define RINGCACHE_DISCOVERY_DNS_ANSWER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ringcache::discovery {

// As on the wire.
enum class DnsType : std::uint16_t {
  kA = 1,
  kCname = 5,
  kPtr = 12,
  kAaaa = 28,
  kSrv = 33,
};

struct DnsRecord {
  std::string name;  // the owner; as dns_name.h writes names
  DnsType type = DnsType::kA;
  absl::Duration ttl = {};
  // kA and kAaaa: 4 or 16 bytes in network order.
  std::string address = {};
  // kCname, kPtr and kSrv; empty is the root, which for kSrv means that there is no such service.
  std::string target = {};
  // kSrv.
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  std::uint16_t port = 0;

  friend bool operator==(const DnsRecord&, const DnsRecord&) = default;
};

// RFC 1035, section 4.1.1; others are possible.
inline constexpr int kRcodeNoError = 0;
inline constexpr int kRcodeServerFailure = 2;
inline constexpr int kRcodeNameError = 3;  // NXDOMAIN
inline constexpr int kRcodeRefused = 5;

struct DnsAnswer {
  int rcode = kRcodeNoError;
  bool truncated = false;  // what follows did not all fit
  std::string question = {};
  DnsType question_type = DnsType::kA;
  std::vector<DnsRecord> answers = {};
  std::vector<DnsRecord> additional = {};
};

// `message` is one whole message, without TCP's length. Fails saying at which byte. A truncated
// message may end anywhere behind its question: it has the records that are whole.
absl::StatusOr<DnsAnswer> ParseDnsAnswer(absl::string_view message);

// Aliases that are followed, as BIND's and c-ares' bounds are.
inline constexpr int kMaxAliases = 16;

// The records that answer the question: of its type and of its name, or of the name at the end of
// the chain of aliases that begins there.
struct ResolvedRecords {
  std::string name;  // the end of the chain; the question's name without aliases
  std::vector<DnsRecord> records;
  // The least of the records and of the aliases; infinite without any.
  absl::Duration ttl = absl::InfiniteDuration();
};
// Fails if the aliases go round in a circle, or are more than kMaxAliases.
absl::StatusOr<ResolvedRecords> FollowAliases(const DnsAnswer& answer);

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_DNS_ANSWER_H_

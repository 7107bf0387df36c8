// Domain names as discovery writes them: lower case, without the trailing dot. A byte of a label
// that is no letter, digit, `-` or `_` is written `\DDD` (RFC 1035, section 5.1), so that a name
// from the network can be printed, and can be told from a host's.
//
// Thread safety: functions only.

#ifndef RINGCACHE_DISCOVERY_DNS_NAME_H_
#define RINGCACHE_DISCOVERY_DNS_NAME_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace ringcache::discovery {

// RFC 1035, section 2.3.4; 255 on the wire are 253 in writing.
inline constexpr std::size_t kMaxNameChars = 253;
inline constexpr std::size_t kMaxLabelChars = 63;
// Search domains that are tried for a name; more in resolv.conf are ignored. glibc takes 6 or,
// since 2.26, any number; Kubernetes allows 32.
inline constexpr std::size_t kMaxSearchDomains = 32;

// Lower case, and without the one trailing dot that makes a name absolute.
std::string CanonicalName(absl::string_view name);

// Labels of 1 to 63 letters, digits, `-` and `_`, and 253 characters at most; a trailing dot is
// allowed.
bool IsHostName(absl::string_view name);

// `name` lies below `domain`: one or more labels, then the domain. REQUIRES: both canonical.
bool IsBelow(absl::string_view name, absl::string_view domain);

// The first label is an IPv4 or IPv6 address with dashes for its dots or colons, as Kubernetes
// names endpoints that have no hostname: `10-1-2-3.cache.default.svc.cluster.local`.
bool IsNamedByAddress(absl::string_view name);

// Where a resolver looks for a name that is not absolute.
struct SearchPath {
  std::vector<std::string> domains;
  int ndots = 1;
};

// The absolute names to try for `name`, in order, as resolv.conf(5) says: a trailing dot means the
// name itself alone; with at least `ndots` dots it goes first, else last.
std::vector<std::string> SearchNames(absl::string_view name, const SearchPath& path);

// Digits compare as numbers: `cache-9` before `cache-10`. A total order: names that differ only in
// leading zeros compare as bytes.
bool NaturalLess(absl::string_view a, absl::string_view b);

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_DNS_NAME_H_

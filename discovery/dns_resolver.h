// The contract of whoever asks name servers: one question, one reply, and nothing else. Where a
// short name is looked for, is the caller's to go through (dns_lookup.h). Implementations:
// cares_resolver.h; a scripted one in tests.
//
// Thread safety: belongs to one loop's thread.

#ifndef RINGCACHE_DISCOVERY_DNS_RESOLVER_H_
#define RINGCACHE_DISCOVERY_DNS_RESOLVER_H_

#include <cstdint>
#include <functional>
#include <string>

#include "discovery/dns_answer.h"
#include "discovery/dns_name.h"

namespace ringcache::discovery {

enum class DnsError {
  kNone,
  kNotFound,       // NXDOMAIN
  kServerFailure,  // SERVFAIL and other errors that a server tells
  kRefused,
  kTimeout,
  kUnreachable,  // no server has that port, or no route
  kMalformed,    // an answer that cannot be read, or a name that cannot be asked
};

struct DnsReply {
  DnsError error = DnsError::kNone;
  std::string problem = {};  // in words; empty for kNone
  // For kNone; it may be without a record of the type that was asked for. For kNotFound its TTLs
  // are not known. `truncated` if TCP gave nothing better.
  DnsAnswer answer = {};
  bool asked_over_tcp = false;  // the answer over UDP was truncated
};

class DnsResolver {
 public:
  using QueryId = std::uint64_t;
  using Callback = std::function<void(const DnsReply& reply)>;

  virtual ~DnsResolver() = default;

  // Asks for an absolute name (without the trailing dot). `done` is called once, from the loop and
  // never from within Query; never after Cancel, nor once the resolver is gone.
  virtual QueryId Query(const std::string& name, DnsType type, Callback done) = 0;
  // A query that was answered is ignored.
  virtual void Cancel(QueryId query) = 0;

  virtual const SearchPath& search_path() const = 0;
  // This host knows the name without a name server: it is to be asked as it is, before the search
  // path, as programs expect of /etc/hosts.
  virtual bool IsLocalName(const std::string& name) const = 0;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_DNS_RESOLVER_H_

// Finds the records of a name, of one or more types at once, along the search path: the first of
// the candidate names that has any record is the one.
//
// Trouble with a candidate does not end the search, as it does not in glibc: a search domain whose
// servers fail would else hide all that follows. But where nothing is found it counts for more than
// `not found`. A name that timed out ends it, so that a lookup is never as long as all its names.
//
// Thread safety: belongs to its resolver's loop's thread. Destroying it cancels it.

#ifndef RINGCACHE_DISCOVERY_DNS_LOOKUP_H_
#define RINGCACHE_DISCOVERY_DNS_LOOKUP_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "discovery/dns_answer.h"
#include "discovery/dns_resolver.h"

namespace ringcache::discovery {

struct LookupResult {
  // kNone if there is a record, kNotFound if there is none by all accounts.
  DnsError error = DnsError::kNone;
  // In words. May be set with kNone: then one of the types is missing in `records`.
  std::string problem = {};
  // There may be more records than these: a type got no proper answer, or the answer did not fit.
  bool incomplete = false;
  // The candidate that has the records, and without aliases.
  std::string name = {};
  std::vector<DnsRecord> records = {};
  std::vector<DnsRecord> additional = {};
  absl::Duration ttl = absl::InfiniteDuration();
  int truncated = 0;  // answers that were asked for again over TCP
};

class DnsLookup {
 public:
  using Callback = std::function<void(LookupResult result)>;

  // Begins. `name` as it is written, with a trailing dot if it is absolute. `done` is called once,
  // from the loop, and may destroy the lookup. `resolver` is not owned and outlives it.
  DnsLookup(DnsResolver* resolver, const std::string& name, std::vector<DnsType> types,
            Callback done);
  ~DnsLookup();
  DnsLookup(const DnsLookup&) = delete;
  DnsLookup& operator=(const DnsLookup&) = delete;

 private:
  void AskNextName();
  void Take(std::size_t type, const DnsReply& reply);
  void TakeTrouble(DnsError error, const std::string& problem);
  void TakeRecords(const DnsReply& reply);
  void EndName();

  DnsResolver* const resolver_;
  const std::vector<DnsType> types_;
  Callback done_;
  std::vector<std::string> names_;
  std::size_t next_name_ = 0;
  std::vector<DnsResolver::QueryId> queries_;  // one for each type; 0: answered
  std::size_t waiting_ = 0;
  LookupResult result_;
  // The worst so far, over all names.
  DnsError trouble_ = DnsError::kNotFound;
  std::string trouble_text_;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_DNS_LOOKUP_H_

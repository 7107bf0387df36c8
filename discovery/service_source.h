// Every SRV record of a name is a member: dnssrv+_port._tcp.service. The target is who it is, and
// its address is taken from the answer's additional records, or asked for.
//
// Only the records of the least priority count, as RFC 2782 has it: the others are for when none of
// those can be reached. Weights count if they differ; equal ones, which Kubernetes divides 100
// into, are 1 each, so that no weight changes when the pool grows.
//
// Thread safety: belongs to its resolver's loop's thread.

#ifndef RINGCACHE_DISCOVERY_SERVICE_SOURCE_H_
#define RINGCACHE_DISCOVERY_SERVICE_SOURCE_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "discovery/dns_lookup.h"
#include "discovery/dns_resolver.h"
#include "discovery/lookup_batch.h"
#include "discovery/pool_source.h"

namespace ringcache::discovery {

class ServiceSource final : public PoolSource {
 public:
  // `resolver` is not owned. `service` with a trailing dot if it is absolute; once it has been
  // found along the search path, only that name is asked for.
  ServiceSource(DnsResolver* resolver, std::string service);

  void Ask(Callback done) override;
  void Cancel() override;
  void NotifyOfChanges(std::function<void()> /*changed*/) override {}

 private:
  void TakeRecords(LookupResult result);
  void AskForAddresses();
  void TakeAddresses(const std::vector<std::string>& targets,
                     const std::vector<LookupResult>& results);
  void Finish();

  DnsResolver* const resolver_;
  std::string service_;
  Callback done_;
  // Of the question under way.
  std::vector<DnsRecord> records_;
  PoolAnswer answer_;
  // By target; the bytes of A and AAAA records.
  std::map<std::string, std::vector<std::string>> addresses_;
  std::unique_ptr<DnsLookup> lookup_;
  std::unique_ptr<LookupBatch> batch_;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_SERVICE_SOURCE_H_

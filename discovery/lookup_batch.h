// Many lookups of one kind, a bounded number of them at a time, and one call when all are done.
//
// Thread safety: belongs to its resolver's loop's thread. Destroying it cancels it.

#ifndef RINGCACHE_DISCOVERY_LOOKUP_BATCH_H_
#define RINGCACHE_DISCOVERY_LOOKUP_BATCH_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "discovery/dns_lookup.h"
#include "discovery/dns_resolver.h"

namespace ringcache::discovery {

class LookupBatch {
 public:
  // Results in the order of the names.
  using Callback = std::function<void(std::vector<LookupResult> results)>;

  // At a time. CoreDNS takes thousands a second; a burst from each of a hundred routers should not
  // be thousands of packets.
  static constexpr std::size_t kMaxInFlight = 32;

  // Begins. REQUIRES: `names` is not empty. `done` is called once, from the loop, and may destroy
  // the batch.
  LookupBatch(DnsResolver* resolver, std::vector<std::string> names, std::vector<DnsType> types,
              Callback done);
  LookupBatch(const LookupBatch&) = delete;
  LookupBatch& operator=(const LookupBatch&) = delete;

 private:
  void StartNext();

  DnsResolver* const resolver_;
  const std::vector<std::string> names_;
  const std::vector<DnsType> types_;
  Callback done_;
  std::vector<LookupResult> results_;
  std::size_t started_ = 0;
  std::size_t finished_ = 0;
  std::vector<std::unique_ptr<DnsLookup>> lookups_;  // one for each that has started
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_LOOKUP_BATCH_H_

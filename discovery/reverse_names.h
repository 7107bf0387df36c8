// The names of addresses, where the cluster's DNS has them: Kubernetes answers for the address of a
// pod with `pod-0.service.namespace.svc.cluster.local`, which stays when the address changes.
//
// A name counts only if it lies below the name that the addresses were found under, so that a
// foreign reverse zone cannot choose identities; and not if it is the address in other words. Of
// several the first in natural order counts. It is not looked up again forwards: what is connected
// to is the address from the forward answer in any case.
//
// Thread safety: belongs to its resolver's loop's thread.

#ifndef RINGCACHE_DISCOVERY_REVERSE_NAMES_H_
#define RINGCACHE_DISCOVERY_REVERSE_NAMES_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "discovery/dns_resolver.h"
#include "discovery/lookup_batch.h"

namespace ringcache::discovery {

class ReverseNames {
 public:
  // A name is asked for again after its TTL, but not before this: for a hundred pods it would else
  // be a hundred questions every five seconds, for what changes only if an address is given away.
  static constexpr absl::Duration kMinAge = absl::Seconds(30);

  // A name outlasts the answers that its address is in, by this: an answer may be incomplete, and
  // the reverse zone may fail when the next one has the address again. The member would vanish
  // while it is there.
  static constexpr absl::Duration kMemory = absl::Minutes(10);
  // Past this, only the names of the present addresses are kept.
  static constexpr std::size_t kMaxKnown = 20000;

  explicit ReverseNames(DnsResolver* resolver) : resolver_(resolver) {}

  // `failed`: some could not be asked for, and are not known from before.
  using Callback = std::function<void(bool failed)>;
  // Asks for what is not known or too old. `addresses` are the bytes of
  // records. Calls `done` from the loop, or at once if there is nothing to ask.
  void Find(const std::vector<std::string>& addresses, const std::string& domain,
            absl::Duration now, Callback done);
  void Cancel() { batch_.reset(); }

  // Empty if it has none that counts.
  const std::string& NameOf(const std::string& address) const;

 private:
  struct Known {
    std::string name;
    absl::Duration ask_at;
    absl::Duration seen_at;  // in an answer
  };

  void Forget(absl::Duration now);
  void Take(const std::vector<std::string>& asked, const std::string& domain, absl::Duration now,
            const std::vector<LookupResult>& results, const Callback& done);

  DnsResolver* const resolver_;
  std::map<std::string, Known> known_;  // by the bytes of the address
  std::unique_ptr<LookupBatch> batch_;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_REVERSE_NAMES_H_

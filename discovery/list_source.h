// The members that a person wrote down. Names among them are looked up, A and AAAA, each time;
// their number and order never change.
//
// Thread safety: belongs to its loop's thread.

#ifndef RINGCACHE_DISCOVERY_LIST_SOURCE_H_
#define RINGCACHE_DISCOVERY_LIST_SOURCE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "discovery/discovery_address.h"
#include "discovery/dns_resolver.h"
#include "discovery/lookup_batch.h"
#include "discovery/pool_source.h"
#include "net/event_loop.h"

namespace ringcache::discovery {

class ListSource final : public PoolSource {
 public:
  // Neither is owned. REQUIRES: `members` is not empty.
  ListSource(net::EventLoop* loop, DnsResolver* resolver, std::vector<WrittenMember> members);
  ~ListSource() override;

  void Ask(Callback done) override;
  void Cancel() override;
  void NotifyOfChanges(std::function<void()> /*changed*/) override {}

 private:
  void Take(std::vector<LookupResult> results);

  net::EventLoop* const loop_;
  DnsResolver* const resolver_;
  const std::vector<WrittenMember> members_;
  std::vector<Candidate> written_;   // with the addresses of those that are numeric
  std::vector<std::size_t> places_;  // of the names in `members_`
  std::vector<std::string> names_;
  Callback done_;
  net::EventLoop::TimerId timer_ = 0;
  std::unique_ptr<LookupBatch> batch_;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_LIST_SOURCE_H_

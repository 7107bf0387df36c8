// Every address of a name is a member: dns+host:port. What a member is called is settled by the
// first answer, for as long as the source lives:
//
//   names      if any of the addresses has one (reverse_names.h). An address without one is left
//   out
//              until it has: a pod whose reverse name comes later than its address would else join
//              under its address, and move keys twice.
//   addresses  if none has. A member that comes back with another address is another member.
//
// Thread safety: belongs to its loop's thread.

#ifndef RINGCACHE_DISCOVERY_ADDRESS_SOURCE_H_
#define RINGCACHE_DISCOVERY_ADDRESS_SOURCE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "discovery/dns_lookup.h"
#include "discovery/dns_resolver.h"
#include "discovery/pool_source.h"
#include "discovery/reverse_names.h"
#include "net/event_loop.h"

namespace ringcache::discovery {

class AddressSource final : public PoolSource {
 public:
  // Answers that are thrown away while reverse names fail, before the pool is settled on addresses.
  static constexpr int kMaxUnsettled = 3;

  // Neither is owned. `host` with a trailing dot if it is absolute; once it has been found along
  // the search path, only that name is asked for.
  AddressSource(net::EventLoop* loop, DnsResolver* resolver, std::string host, std::uint16_t port);

  void Ask(Callback done) override;
  void Cancel() override;
  void NotifyOfChanges(std::function<void()> /*changed*/) override {}

 private:
  enum class Naming { kUnsettled, kNames, kAddresses };

  void TakeAddresses(LookupResult result);
  void TakeNames(bool failed);
  void NameByReverse(PoolAnswer* answer) const;
  void NameByAddress(PoolAnswer* answer) const;
  void Finish(PoolAnswer answer);

  net::EventLoop* const loop_;
  DnsResolver* const resolver_;
  std::string host_;
  const std::uint16_t port_;
  Naming naming_ = Naming::kUnsettled;
  int unsettled_ = 0;
  Callback done_;
  // Of the question under way.
  LookupResult result_;
  std::vector<std::string> addresses_;  // bytes, each once
  ReverseNames reverse_;
  std::unique_ptr<DnsLookup> lookup_;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_ADDRESS_SOURCE_H_

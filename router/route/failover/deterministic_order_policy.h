// After the first child an order that depends on the key alone, so that all routers fail over to
// the same children, and each key's to others:
//
//   "failover_policy": {"type": "DeterministicOrderPolicy", "max_tries": 3, "max_error_tries": 2,
//                       "hash": {"salt": "a"}}
//
// The order is by StableHash; that of mcrouter is another one.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_FAILOVER_DETERMINISTIC_ORDER_POLICY_H_
#define RINGCACHE_ROUTER_ROUTE_FAILOVER_DETERMINISTIC_ORDER_POLICY_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "router/route/failover/failover_policy.h"
#include "router/route/stable_hash.h"

namespace ringcache::router {

class DeterministicOrderPolicy final : public FailoverPolicy {
 public:
  DeterministicOrderPolicy(std::size_t children, std::size_t max_tries, std::size_t max_error_tries,
                           absl::string_view salt)
      : FailoverPolicy(children, max_tries, max_error_tries), seed_(StableHash(salt)) {}

  Order OrderFor(absl::string_view key) const override;

 private:
  const std::uint64_t seed_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_FAILOVER_DETERMINISTIC_ORDER_POLICY_H_

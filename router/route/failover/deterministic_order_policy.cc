#include "router/route/failover/deterministic_order_policy.h"

#include <numeric>
#include <utility>

#include "router/route/routing_key.h"

namespace ringcache::router {

// The first steps of the Fisher-Yates shuffle, with the key's hashes for chance.
FailoverPolicy::Order DeterministicOrderPolicy::OrderFor(absl::string_view key) const {
  Order order(children());
  std::iota(order.begin(), order.end(), 0u);
  const absl::string_view hashed = RoutingKey(key);
  for (std::size_t i = 1; i < max_tries(); ++i) {
    const std::size_t left = order.size() - i;
    std::swap(order[i], order[i + StableHash(hashed, seed_ + i) % left]);
  }
  order.resize(max_tries());
  return order;
}

}  // namespace ringcache::router

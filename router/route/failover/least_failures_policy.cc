#include "router/route/failover/least_failures_policy.h"

#include <algorithm>
#include <numeric>

namespace ringcache::router {

FailoverPolicy::Order LeastFailuresPolicy::OrderFor(absl::string_view) const {
  Order order(children());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin() + 1, order.end(), [this](std::uint32_t a, std::uint32_t b) {
    return failures_[a] < failures_[b];
  });
  order.resize(max_tries());
  return order;
}

}  // namespace ringcache::router

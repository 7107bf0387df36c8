// After the first child those that failed least in a row, and of equals the first listed:
//
//   "failover_policy": {"type": "LeastFailuresPolicy", "max_tries": 3}
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_FAILOVER_LEAST_FAILURES_POLICY_H_
#define RINGCACHE_ROUTER_ROUTE_FAILOVER_LEAST_FAILURES_POLICY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "router/route/failover/failover_policy.h"

namespace ringcache::router {

class LeastFailuresPolicy final : public FailoverPolicy {
 public:
  LeastFailuresPolicy(std::size_t children, std::size_t max_tries)
      : FailoverPolicy(children, max_tries, max_tries), failures_(children) {}

  Order OrderFor(absl::string_view key) const override;
  void OnReply(std::uint32_t child, bool failed) override {
    failures_[child] = failed ? failures_[child] + 1 : 0;
  }

 private:
  // Of each child, since its last success.
  std::vector<std::uint64_t> failures_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_FAILOVER_LEAST_FAILURES_POLICY_H_

// FailoverRoute: the first child that does not fail.
//
//   {"type": "FailoverRoute", "children": [...], "failover_errors": ..., "failover_policy": {...},
//    "failover_limit": {"rate": 100, "burst": 1000}}
//
// All operations go on to the next child, as in mcrouter, also those that a member may have
// executed before its reply was lost. If all fail, the last reply is given. Past the limit on
// failovers the first failure is.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_FAILOVER_FAILOVER_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_FAILOVER_FAILOVER_ROUTE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/failover/failover_errors.h"
#include "router/route/failover/failover_policy.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"
#include "router/route/token_bucket.h"

namespace ringcache::router {

struct FailoverOptions {
  FailoverErrors errors;
  // For as many children as the route has; null: in order.
  std::unique_ptr<FailoverPolicy> policy;
  // One token for each further child.
  std::optional<TokenBucket> limit;
};

class FailoverRoute final : public Route {
 public:
  // REQUIRES: there is a child.
  FailoverRoute(std::vector<Route*> children, FailoverOptions options);

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request& request, absl::string_view key) override;
  Task<Reply> Resume(Call& call, const RouteRequest& request, Reply first) override;
  std::string name() const override { return "failover"; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  const std::vector<Route*> children_;
  FailoverOptions options_;
};

absl::StatusOr<Route*> MakeFailoverRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_FAILOVER_FAILOVER_ROUTE_H_

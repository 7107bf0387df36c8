// RateLimitRoute: so many requests a second; those past it do not reach the target.
//
//   {"type": "RateLimitRoute", "target": "...", "fallback": "...",
//    "rates": {"gets_rate": 1000, "gets_burst": 1000, "sets_rate": ..., "deletes_rate": ...}}
//
// A kind without a rate is not limited. What is refused goes to the fallback, or is answered as
// NullRoute does. Each worker has the rate for itself.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_LIMIT_RATE_LIMIT_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_LIMIT_RATE_LIMIT_ROUTE_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"
#include "router/route/token_bucket.h"

namespace ringcache::router {

struct RateLimits {
  std::optional<TokenBucket> gets;  // all that retrieves
  std::optional<TokenBucket> sets;  // all that stores or counts
  std::optional<TokenBucket> deletes;
};

class RateLimitRoute final : public Route {
 public:
  // `fallback` may be null.
  RateLimitRoute(Route* target, Route* fallback, const RateLimits& limits)
      : target_(*target), fallback_(fallback), limits_(limits) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request& request, absl::string_view key) override;
  std::string name() const override { return "rate-limit"; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  Task<Reply> Refuse(Call& call, const RouteRequest& request);
  std::optional<TokenBucket>& LimitOf(protocol::Operation operation);

  Route& target_;
  Route* const fallback_;
  RateLimits limits_;
};

// `rates` as above.
absl::StatusOr<RateLimits> ReadRateLimits(const ConfigNode& rates);

absl::StatusOr<Route*> MakeRateLimitRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_LIMIT_RATE_LIMIT_ROUTE_H_

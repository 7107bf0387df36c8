// LatencyInjectionRoute: a slow child, to see what an application makes of it.
//
//   {"type": "LatencyInjectionRoute", "child": "...", "before_latency_ms": 5,
//    "after_latency_ms": 5, "total_latency_ms": 20}
//
// Waits before the child is asked, after it has replied, and until so much time has passed in all.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_LIMIT_LATENCY_INJECTION_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_LIMIT_LATENCY_INJECTION_ROUTE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

struct InjectedLatency {
  static constexpr absl::Duration kMax = absl::Minutes(10);

  absl::Duration before = absl::ZeroDuration();
  absl::Duration after = absl::ZeroDuration();
  absl::Duration total = absl::ZeroDuration();
};

class LatencyInjectionRoute final : public Route {
 public:
  LatencyInjectionRoute(Route* child, const InjectedLatency& latency)
      : child_(*child), latency_(latency) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  std::string name() const override { return "latency-injection"; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  Route& child_;
  const InjectedLatency latency_;
};

absl::StatusOr<Route*> MakeLatencyInjectionRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_LIMIT_LATENCY_INJECTION_ROUTE_H_

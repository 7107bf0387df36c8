#include "router/route/limit/latency_injection_route.h"

#include <memory>

#include "router/route/children.h"

namespace ringcache::router {

Task<Reply> LatencyInjectionRoute::Send(Call& call, const RouteRequest& request) {
  const absl::Duration start = call.now();
  co_await call.Sleep(latency_.before);
  Reply reply = co_await child_.Send(call, request);
  co_await call.Sleep(latency_.after);
  co_await call.Sleep(start + latency_.total - call.now());
  co_return reply;
}

void LatencyInjectionRoute::Visit(const RouteRequest& request, RouteVisitor* visitor,
                                  int depth) const {
  visitor->OnRoute(*this, depth);
  child_.Visit(request, visitor, depth + 1);
}

absl::StatusOr<Route*> MakeLatencyInjectionRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status =
          node.AllowOnly({"child", "before_latency_ms", "after_latency_ms", "total_latency_ms"});
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<Route*> child = ReadChild(node, "child", builder);
  if (!child.ok()) return child.status();
  const absl::Duration zero = absl::ZeroDuration();
  InjectedLatency latency;
  const auto before = node.GetMilliseconds("before_latency_ms", zero, zero, InjectedLatency::kMax);
  if (!before.ok()) return before.status();
  const auto after = node.GetMilliseconds("after_latency_ms", zero, zero, InjectedLatency::kMax);
  if (!after.ok()) return after.status();
  const auto total = node.GetMilliseconds("total_latency_ms", zero, zero, InjectedLatency::kMax);
  if (!total.ok()) return total.status();
  latency.before = *before;
  latency.after = *after;
  latency.total = *total;
  return builder->Own(std::make_unique<LatencyInjectionRoute>(*child, latency));
}

}  // namespace ringcache::router

#include "router/route/pool_route.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "router/route/ask.h"
#include "router/route/fan_out/shadow_route.h"
#include "router/route/limit/outstanding_limit_route.h"
#include "router/route/limit/rate_limit_route.h"
#include "router/route/warming/ring_warm_up_route.h"

namespace ringcache::router {
namespace {

// `route` with the shadows and limits that `node` gives it.
absl::StatusOr<Route*> WithParameters(const ConfigNode& node, BackendPool* pool, Route* route,
                                      RouteBuilder* builder) {
  absl::StatusOr<std::vector<Shadow>> shadows = ReadShadows(node, pool, builder);
  if (!shadows.ok()) return shadows.status();
  if (!shadows->empty()) {
    route = builder->Own(
        std::make_unique<ShadowRoute>(route, pool, *std::move(shadows), builder->settings().seed));
  }
  if (node.Has("max_outstanding")) {
    const absl::StatusOr<std::int64_t> most =
        node.GetInteger("max_outstanding", 1, 1, OutstandingLimitRoute::kMostOutstanding);
    if (!most.ok()) return most.status();
    route = builder->Own(
        std::make_unique<OutstandingLimitRoute>(route, static_cast<std::size_t>(*most)));
  }
  if (!node.Has("rates")) return route;
  const absl::StatusOr<RateLimits> limits = ReadRateLimits(*node.Get("rates"));
  if (!limits.ok()) return limits.status();
  return builder->Own(std::make_unique<RateLimitRoute>(route, nullptr, *limits));
}

}  // namespace

Task<Reply> PoolRoute::Send(Call& call, const RouteRequest& request) {
  (void)call;
  const std::uint32_t owner = pool_.OwnerOf(request.key());
  if (owner == BackendPool::kNone) co_return FailureReply(client::CallFailure::kNoMembers);
  co_return co_await Ask(&call, &pool_.member(owner), request, pool_.timeout(), keeps_deletes_);
}

FirstStep PoolRoute::First(const protocol::Request&, absl::string_view key) {
  FirstStep step;
  step.pool = &pool_;
  step.member = pool_.OwnerOf(key);
  step.keeps_deletes = keeps_deletes_;
  return step;
}

void PoolRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  const std::uint32_t owner = pool_.OwnerOf(request.key());
  if (owner != BackendPool::kNone) visitor->OnMember(pool_.member(owner).name(), depth + 1);
}

absl::StatusOr<Route*> MakePoolRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly(
          {"pool", "hash", "rates", "max_outstanding", "shadows", "asynclog", "asynclog_name"});
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<bool> keeps_deletes = node.GetBool("asynclog", true);
  if (!keeps_deletes.ok()) return keeps_deletes.status();
  const absl::StatusOr<ConfigNode> name = node.Get("pool");
  if (!name.ok()) return name.status();
  const absl::StatusOr<PoolUse> use = builder->ReadHash(node);
  if (!use.ok()) return use.status();
  const absl::StatusOr<BackendPool*> pool = builder->Pool(*name, *use);
  if (!pool.ok()) return pool.status();
  Route* const owner =
      WithWarmUp(*pool, builder->Own(std::make_unique<PoolRoute>(*pool, *keeps_deletes)), builder);
  return WithParameters(node, *pool, owner, builder);
}

}  // namespace ringcache::router

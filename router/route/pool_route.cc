#include "router/route/pool_route.h"

#include "router/route/ask.h"
#include "router/route/warming/ring_warm_up_route.h"

namespace ringcache::router {

Task<Reply> PoolRoute::Send(Call& call, const RouteRequest& request) {
  (void)call;
  const std::uint32_t owner = pool_.OwnerOf(request.key());
  if (owner == BackendPool::kNone) co_return FailureReply(client::CallFailure::kNoMembers);
  co_return co_await Ask(&pool_.member(owner), request, pool_.timeout());
}

FirstStep PoolRoute::First(const protocol::Request&, absl::string_view key) {
  FirstStep step;
  step.pool = &pool_;
  step.member = pool_.OwnerOf(key);
  return step;
}

void PoolRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  const std::uint32_t owner = pool_.OwnerOf(request.key());
  if (owner != BackendPool::kNone) visitor->OnMember(pool_.member(owner).name(), depth + 1);
}

absl::StatusOr<Route*> MakePoolRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"pool", "hash"}); !status.ok()) return status;
  const absl::StatusOr<ConfigNode> name = node.Get("pool");
  if (!name.ok()) return name.status();
  const absl::StatusOr<PoolUse> use = builder->ReadHash(node);
  if (!use.ok()) return use.status();
  const absl::StatusOr<BackendPool*> pool = builder->Pool(*name, *use);
  if (!pool.ok()) return pool.status();
  return WithWarmUp(*pool, builder->Own(std::make_unique<PoolRoute>(*pool)), builder);
}

}  // namespace ringcache::router

#include "router/route/warming/ring_warm_up_route.h"

#include <memory>
#include <utility>

#include "router/route/ask.h"
#include "router/route/gathering.h"

namespace ringcache::router {

Task<Reply> RingWarmUpRoute::Send(Call& call, const RouteRequest& request) {
  if (!HasMoved(request.key())) return owner_.Send(call, request);
  if (ClassOf(request.operation()) == OperationClass::kDelete) {
    return DeleteFromBoth(call, request);
  }
  return warm_up_.Send(call, request);
}

FirstStep RingWarmUpRoute::First(const protocol::Request& request, absl::string_view key) {
  FirstStep step = owner_.First(request, key);
  if (!HasMoved(key)) return step;
  if (ClassOf(request.operation) == OperationClass::kDelete) return {};
  if (!Retrieves(request.operation)) return step;
  if (step.pool == nullptr || step.reacts != nullptr) return {};
  step.reacts = this;
  step.reacts_to_misses = true;
  return step;
}

Task<Reply> RingWarmUpRoute::Resume(Call& call, const RouteRequest& request, Reply first) {
  return warm_up_.Resume(call, request, std::move(first));
}

// An error of either may leave the value there; else it is enough that one had it.
Task<Reply> RingWarmUpRoute::DeleteFromBoth(Call& call, const RouteRequest& request) {
  Gathering gathering(&call);
  gathering.Start(owner_.Send(call, request));
  gathering.Start(before_.Send(call, request));
  Reply one = (co_await gathering.Next()).reply;
  Reply other = (co_await gathering.Next()).reply;
  if (one.is_error()) co_return one;
  if (other.is_error()) co_return other;
  co_return other.verdict() < one.verdict() ? std::move(other) : std::move(one);
}

void RingWarmUpRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  owner_.Visit(request, visitor, depth);
  if (HasMoved(request.key())) before_.Visit(request, visitor, depth);
}

Task<Reply> RingWarmUpRoute::OwnerBefore::Send(Call& call, const RouteRequest& request) {
  (void)call;
  const std::uint32_t member = pool_.PreviousOwnerOf(request.key());
  if (member == BackendPool::kNone) co_return DefaultReply(request.operation());
  co_return co_await Ask(&call, &pool_.member(member), request, pool_.timeout());
}

void RingWarmUpRoute::OwnerBefore::Visit(const RouteRequest& request, RouteVisitor* visitor,
                                         int depth) const {
  visitor->OnRoute(*this, depth);
  const std::uint32_t member = pool_.PreviousOwnerOf(request.key());
  if (member != BackendPool::kNone) visitor->OnMember(pool_.member(member).name(), depth + 1);
}

Route* WithWarmUp(BackendPool* pool, Route* owner, RouteBuilder* builder) {
  if (pool->options().warm_up <= absl::ZeroDuration()) return owner;
  return builder->Own(std::make_unique<RingWarmUpRoute>(pool, owner));
}

}  // namespace ringcache::router

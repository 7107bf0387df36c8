#include "router/route/failover/miss_failover_route.h"

#include <cstddef>
#include <memory>

#include "router/route/children.h"

namespace ringcache::router {
namespace {

bool GoesOn(const Reply& reply) { return reply.is_miss() || reply.is_error(); }

}  // namespace

Task<Reply> MissFailoverRoute::Send(Call& call, const RouteRequest& request) {
  if (!Retrieves(request.operation())) return children_[0]->Send(call, request);
  return AskFrom(call, request, 0, Reply());
}

Task<Reply> MissFailoverRoute::Resume(Call& call, const RouteRequest& request, Reply first) {
  return AskFrom(call, request, 1, std::move(first));
}

Task<Reply> MissFailoverRoute::AskFrom(Call& call, const RouteRequest& request, std::size_t next,
                                       Reply best) {
  for (; next < children_.size(); ++next) {
    Reply reply = co_await children_[next]->Send(call, request);
    if (!GoesOn(reply)) co_return reply;
    if (!return_best_ || next == 0 || reply.verdict() < best.verdict()) best = std::move(reply);
  }
  co_return best;
}

FirstStep MissFailoverRoute::First(const protocol::Request& request, absl::string_view key) {
  FirstStep step = children_[0]->First(request, key);
  if (!Retrieves(request.operation)) return step;
  if (step.pool == nullptr || step.reacts != nullptr) return {};
  step.reacts = this;
  step.reacts_to_errors = step.reacts_to_misses = true;
  return step;
}

void MissFailoverRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  const std::size_t reached = Retrieves(request.operation()) ? children_.size() : 1;
  for (std::size_t i = 0; i < reached; ++i) children_[i]->Visit(request, visitor, depth + 1);
}

absl::StatusOr<Route*> MakeMissFailoverRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"children", "return_best_on_error", "name"});
      !status.ok()) {
    return status;
  }
  absl::StatusOr<std::vector<Route*>> children = ReadChildren(node, builder);
  if (!children.ok()) return children.status();
  const absl::StatusOr<bool> return_best = node.GetBool("return_best_on_error", false);
  if (!return_best.ok()) return return_best.status();
  return builder->Own(std::make_unique<MissFailoverRoute>(*std::move(children), *return_best));
}

}  // namespace ringcache::router

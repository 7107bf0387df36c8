#include "router/route/fan_out/fan_out_route.h"

#include "router/route/children.h"

namespace ringcache::router {

void FanOutRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  for (const Route* child : children_) child->Visit(request, visitor, depth + 1);
}

void FanOutRoute::StartAll(Call& call, const RouteRequest& request, Gathering* gathering) const {
  for (Route* child : children_) gathering->Start(child->Send(call, request));
}

absl::StatusOr<std::vector<Route*>> ReadFanOut(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"children", "name"}); !status.ok()) return status;
  return ReadChildren(node, builder);
}

}  // namespace ringcache::router

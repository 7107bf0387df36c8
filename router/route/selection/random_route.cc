#include "router/route/selection/random_route.h"

#include <memory>

#include "router/route/children.h"

namespace ringcache::router {

void RandomRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  for (const Route* child : children_) child->Visit(request, visitor, depth + 1);
}

absl::StatusOr<Route*> MakeRandomRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"children", "name"}); !status.ok()) return status;
  absl::StatusOr<std::vector<Route*>> children = ReadChildren(node, builder);
  if (!children.ok()) return children.status();
  return builder->Own(
      std::make_unique<RandomRoute>(*std::move(children), builder->settings().seed));
}

}  // namespace ringcache::router

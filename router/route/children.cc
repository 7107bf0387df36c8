#include "router/route/children.h"

namespace ringcache::router {

absl::StatusOr<std::vector<Route*>> ReadChildren(const ConfigNode& node, RouteBuilder* builder,
                                                 absl::string_view key) {
  const absl::StatusOr<ConfigNode> list = node.Get(key);
  if (!list.ok()) return list.status();
  absl::StatusOr<std::vector<Route*>> children = builder->BuildList(*list);
  if (children.ok() && children->empty()) return list->Error("is empty; it has to have a route");
  return children;
}

absl::StatusOr<Route*> ReadChild(const ConfigNode& node, absl::string_view key,
                                 RouteBuilder* builder) {
  const absl::StatusOr<ConfigNode> child = node.Get(key);
  if (!child.ok()) return child.status();
  return builder->Build(*child);
}

}  // namespace ringcache::router

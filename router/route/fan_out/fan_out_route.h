// What routes that ask all their children have in common.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_FAN_OUT_FAN_OUT_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_FAN_OUT_FAN_OUT_ROUTE_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/gathering.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

class FanOutRoute : public Route {
 public:
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const final;

 protected:
  // REQUIRES: there is a child.
  explicit FanOutRoute(std::vector<Route*> children) : children_(std::move(children)) {}

  const std::vector<Route*>& children() const { return children_; }
  // Asks all of them.
  void StartAll(Call& call, const RouteRequest& request, Gathering* gathering) const;

 private:
  const std::vector<Route*> children_;
};

// "children" and nothing else.
absl::StatusOr<std::vector<Route*>> ReadFanOut(const ConfigNode& node, RouteBuilder* builder);

template <typename Kind>
absl::StatusOr<Route*> MakeFanOut(const ConfigNode& node, RouteBuilder* builder) {
  absl::StatusOr<std::vector<Route*>> children = ReadFanOut(node, builder);
  if (!children.ok()) return children.status();
  return builder->Own(std::make_unique<Kind>(*std::move(children)));
}

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_FAN_OUT_FAN_OUT_ROUTE_H_

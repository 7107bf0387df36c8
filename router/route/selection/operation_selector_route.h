// OperationSelectorRoute, also known as PrefixPolicyRoute: a route for each operation.
//
//   {"type": "OperationSelectorRoute", "default_policy": "...",
//    "operation_policies": {"get": "...", "delete": "..."}}
//
// Operations are named as on the wire; get names gets, too, unless that is named itself, and a
// classic name its meta twin: get mg, set ms, delete md, incr ma. Where nothing is named and there
// is no default, a request is answered as NullRoute does.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_SELECTION_OPERATION_SELECTOR_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_SELECTION_OPERATION_SELECTOR_ROUTE_H_

#include <array>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "protocol/operation.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

class OperationSelectorRoute final : public Route {
 public:
  // By operation; null: there is none.
  using Routes = std::array<Route*, protocol::kOperationCount>;

  explicit OperationSelectorRoute(const Routes& routes) : routes_(routes) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request& request, absl::string_view key) override;
  std::string name() const override { return "operation-selector"; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  Route* Of(protocol::Operation operation) const {
    return routes_[static_cast<std::size_t>(operation)];
  }

  const Routes routes_;
};

absl::StatusOr<Route*> MakeOperationSelectorRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_SELECTION_OPERATION_SELECTOR_ROUTE_H_

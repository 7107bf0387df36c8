// NullRoute: nothing is there and nothing is kept; a miss for what reads, NOT_STORED for what
// stores.
//
//   {"type": "NullRoute"}       or short: "NullRoute"
//
// DevNullRoute is the same under a name of its own.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_CONSTANT_NULL_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_CONSTANT_NULL_ROUTE_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

class NullRoute final : public Route {
 public:
  explicit NullRoute(std::string name) : name_(std::move(name)) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  std::string name() const override { return name_; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  const std::string name_;
};

absl::StatusOr<Route*> MakeNullRoute(const ConfigNode& node, RouteBuilder* builder);
absl::StatusOr<Route*> MakeDevNullRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_CONSTANT_NULL_ROUTE_H_

// RandomRoute: any child, another one each time.
//
//   {"type": "RandomRoute", "children": [...]}
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_SELECTION_RANDOM_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_SELECTION_RANDOM_ROUTE_H_

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

class RandomRoute final : public Route {
 public:
  // REQUIRES: there is a child.
  RandomRoute(std::vector<Route*> children, std::uint64_t seed)
      : children_(std::move(children)), random_(static_cast<std::uint32_t>(seed ^ (seed >> 32))) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override {
    return Next()->Send(call, request);
  }
  FirstStep First(const protocol::Request& request, absl::string_view key) override {
    return Next()->First(request, key);
  }
  std::string name() const override { return "random"; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  Route* Next() { return children_[random_() % children_.size()]; }

  const std::vector<Route*> children_;
  std::minstd_rand random_;
};

absl::StatusOr<Route*> MakeRandomRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_SELECTION_RANDOM_ROUTE_H_

// MissFailoverRoute: the first child that has the value.
//
//   {"type": "MissFailoverRoute", "children": [...], "return_best_on_error": false}
//
// A retrieval goes on after a miss and after an error. If no child has it, the last reply is given,
// or the best one (a miss before an error). All else goes to the first child only.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_FAILOVER_MISS_FAILOVER_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_FAILOVER_MISS_FAILOVER_ROUTE_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

class MissFailoverRoute final : public Route {
 public:
  // REQUIRES: there is a child.
  MissFailoverRoute(std::vector<Route*> children, bool return_best)
      : children_(std::move(children)), return_best_(return_best) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request& request, absl::string_view key) override;
  Task<Reply> Resume(Call& call, const RouteRequest& request, Reply first) override;
  std::string name() const override { return "miss-failover"; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  // Of the children from `next` on. `best`: what those before said, if there is one.
  Task<Reply> AskFrom(Call& call, const RouteRequest& request, std::size_t next, Reply best);

  const std::vector<Route*> children_;
  const bool return_best_;
};

absl::StatusOr<Route*> MakeMissFailoverRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_FAILOVER_MISS_FAILOVER_ROUTE_H_

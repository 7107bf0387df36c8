// HashRoute: the child that owns the key, as a pool's placement would have it.
//
//   {"type": "HashRoute", "children": [...], "hash_func": "Ch3", "salt": "", "weights": [...]}
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_SELECTION_HASH_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_SELECTION_HASH_ROUTE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "hashring/ring.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

class HashRoute final : public Route {
 public:
  // `ring`: of as many members as there are children, in their order.
  HashRoute(std::vector<Route*> children, std::shared_ptr<const hashring::Ring> ring)
      : children_(std::move(children)), ring_(std::move(ring)) {}
  // A ring for so many children. Fails if `use` is not valid for them.
  static absl::StatusOr<std::shared_ptr<const hashring::Ring>> RingFor(const PoolUse& use,
                                                                       std::size_t children);

  Task<Reply> Send(Call& call, const RouteRequest& request) override {
    return Of(request.key())->Send(call, request);
  }
  FirstStep First(const protocol::Request& request, absl::string_view key) override {
    return Of(key)->First(request, key);
  }
  std::string name() const override { return "hash"; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  Route* Of(absl::string_view key) const { return children_[ring_->MemberOf(key)]; }

  const std::vector<Route*> children_;
  const std::shared_ptr<const hashring::Ring> ring_;
};

absl::StatusOr<Route*> MakeHashRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_SELECTION_HASH_ROUTE_H_

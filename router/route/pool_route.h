// PoolRoute: the member of a pool that owns the key.
//
//   {"type": "PoolRoute", "pool": "A", "hash": "Ch3"}       or short: "PoolRoute|A"
//
// May also have "shadows", "max_outstanding" and "rates", as the routes that are named so, and
// "asynclog": false, if what members do not carry out is not to be kept for them.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_POOL_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_POOL_ROUTE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "router/backend/backend_pool.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

class PoolRoute final : public Route {
 public:
  // `pool` outlives this. `keeps_deletes`: what a member does not carry out is kept for it.
  explicit PoolRoute(BackendPool* pool, bool keeps_deletes = true)
      : pool_(*pool), keeps_deletes_(keeps_deletes) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request& request, absl::string_view key) override;
  std::string name() const override { return "pool|" + pool_.name(); }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  BackendPool& pool_;
  const bool keeps_deletes_;
};

absl::StatusOr<Route*> MakePoolRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_POOL_ROUTE_H_

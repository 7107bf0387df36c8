// One member of a pool, by its place among the pool's servers: what "Pool|A" stands for among the
// children of a route is one of these for each server.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_MEMBER_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_MEMBER_ROUTE_H_

#include <cstdint>
#include <string>

#include "router/backend/backend_pool.h"
#include "router/route/route.h"

namespace ringcache::router {

class MemberRoute final : public Route {
 public:
  // `pool` outlives this, and places keys by the order of its list. While it has no member in that
  // place, requests fail.
  MemberRoute(BackendPool* pool, std::uint32_t index) : pool_(*pool), index_(index) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request& request, absl::string_view key) override;
  // "member|A|0".
  std::string name() const override;
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  bool is_there() const { return index_ < pool_.size(); }

  BackendPool& pool_;
  const std::uint32_t index_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_MEMBER_ROUTE_H_

// What a pool does for some time after its members have changed (its "warm_up"): a value that the
// new owner of a key misses is taken over from the owner before, and deletes go to both, so that
// nothing that was deleted comes back.
//
// What counts or appends finds nothing at the new owner until the value was read once. A value that
// is deleted between its being read from the one and its being added to the other comes back.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_WARMING_RING_WARM_UP_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_WARMING_RING_WARM_UP_ROUTE_H_

#include <string>

#include "absl/status/statusor.h"
#include "router/backend/backend_pool.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"
#include "router/route/warming/warm_up_route.h"

namespace ringcache::router {

class RingWarmUpRoute final : public Route {
 public:
  // `owner` asks the owner of a key in `pool`. Both outlive this.
  RingWarmUpRoute(BackendPool* pool, Route* owner)
      : pool_(*pool), owner_(*owner), before_(pool), warm_up_(owner, &before_, {}) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request& request, absl::string_view key) override;
  Task<Reply> Resume(Call& call, const RouteRequest& request, Reply first) override;
  // As the owner's: this is a part of it.
  std::string name() const override { return owner_.name(); }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  // Asks the member that owned the key before.
  class OwnerBefore final : public Route {
   public:
    explicit OwnerBefore(BackendPool* pool) : pool_(*pool) {}
    Task<Reply> Send(Call& call, const RouteRequest& request) override;
    std::string name() const override { return "owner-before|" + pool_.name(); }
    void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

   private:
    BackendPool& pool_;
  };

  bool HasMoved(absl::string_view key) const {
    return pool_.PreviousOwnerOf(key) != BackendPool::kNone;
  }
  Task<Reply> DeleteFromBoth(Call& call, const RouteRequest& request);

  BackendPool& pool_;
  Route& owner_;
  OwnerBefore before_;
  WarmUpRoute warm_up_;
};

// `owner`, or, if `pool` has a warm-up, that with it.
Route* WithWarmUp(BackendPool* pool, Route* owner, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_WARMING_RING_WARM_UP_ROUTE_H_

// ShadowRoute: copies of some requests go to other routes, for whose replies nobody waits.
//
//   {"type": "ShadowRoute", "target": "...", "shadows": [{"target": "...",
//    "key_fraction_range": [0, 0.1], "requests_fraction": 0.5, "index_range": [0, 3]}]}
//
// The share of keys is by StableHash; index_range, of a PoolRoute's "shadows" only, by the member
// that owns the key. Keys that may be copied take the long way.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_FAN_OUT_SHADOW_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_FAN_OUT_SHADOW_ROUTE_H_

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "router/backend/backend_pool.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

struct Shadow {
  Route* target = nullptr;
  // Of all keys, both ends in [0, 1]; the last is not part of it unless it is 1.
  double first_key = 0;
  double last_key = 1;
  // Of the requests for these keys.
  double requests = 1;
  // Members of the pool, both included.
  std::uint32_t first_index = 0;
  std::uint32_t last_index = BackendPool::kNone;
};

class ShadowRoute final : public Route {
 public:
  // `pool` is whose members index ranges speak of; null: there are none.
  ShadowRoute(Route* target, BackendPool* pool, std::vector<Shadow> shadows, std::uint64_t seed)
      : target_(*target),
        pool_(pool),
        shadows_(std::move(shadows)),
        random_(static_cast<std::uint32_t>(seed ^ (seed >> 32))) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request& request, absl::string_view key) override;
  std::string name() const override { return "shadow"; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  bool Wants(const Shadow& shadow, absl::string_view key) const;

  Route& target_;
  BackendPool* const pool_;
  const std::vector<Shadow> shadows_;
  std::minstd_rand random_;
};

// "shadows" of `node`, if it has that; `pool` may be null.
absl::StatusOr<std::vector<Shadow>> ReadShadows(const ConfigNode& node, const BackendPool* pool,
                                                RouteBuilder* builder);

absl::StatusOr<Route*> MakeShadowRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_FAN_OUT_SHADOW_ROUTE_H_

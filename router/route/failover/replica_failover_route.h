// ReplicaFailoverRoute: the member of a pool that owns the key, or, while it does not reply, the
// next one on the ring.
//
//   {"type": "ReplicaFailoverRoute", "pool": "A", "replicas": 1, "failover_exptime": 60}
//
// What may have been executed is not repeated, unless twice is as good as once (get, set, delete,
// and mg, ms, md without conditions). Error lines of servers are replies. Nothing that a stand-in
// stores lives longer than failover_exptime, in seconds.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_FAILOVER_REPLICA_FAILOVER_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_FAILOVER_REPLICA_FAILOVER_ROUTE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "client/call_failure.h"
#include "client/cluster_options.h"
#include "router/backend/backend_pool.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

struct ReplicaFailoverOptions {
  // Members that are asked besides the owner, at most.
  std::size_t replicas = 1;
  // Long enough for a restart; stale values are gone soon after the owner is back.
  std::int64_t failover_exptime_s = 60;

  static constexpr std::size_t kMaxReplicas = client::ClusterOptions::kMaxFailovers;
};

class ReplicaFailoverRoute final : public Route {
 public:
  // `pool` outlives this.
  ReplicaFailoverRoute(BackendPool* pool, const ReplicaFailoverOptions& options)
      : pool_(*pool), options_(options) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request& request, absl::string_view key) override;
  Task<Reply> Resume(Call& call, const RouteRequest& request, Reply first) override;
  std::string name() const override { return "replica-failover|" + pool_.name(); }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

  // Whether another member may be given `request` after one that failed so.
  static bool MayRepeat(const protocol::Request& request, client::CallFailure failure);

 private:
  BackendPool& pool_;
  const ReplicaFailoverOptions options_;
};

absl::StatusOr<Route*> MakeReplicaFailoverRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_FAILOVER_REPLICA_FAILOVER_ROUTE_H_

#include "router/stats/worker_snapshot.h"

namespace ringcache::router {

PoolSnapshot SnapshotOf(const BackendPool& pool) {
  PoolSnapshot snapshot;
  snapshot.name = pool.name();
  snapshot.version = pool.pool().version();
  snapshot.members.reserve(pool.size());
  for (std::uint32_t i = 0; i < pool.size(); ++i) {
    const client::MemberClient& member = pool.member(i);
    snapshot.members.push_back({member.name(), member.member().vanished, pool.timeout(),
                                member.stats(), member.latencies()});
  }
  return snapshot;
}

}  // namespace ringcache::router

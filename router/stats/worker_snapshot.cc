#include "router/stats/worker_snapshot.h"

namespace ringcache::router {

PoolSnapshot SnapshotOf(const BackendPool& pool) {
  PoolSnapshot snapshot;
  snapshot.name = pool.name();
  snapshot.version = pool.pool().version();
  snapshot.ring = pool.pool().ring();
  snapshot.members.reserve(pool.size());
  for (std::uint32_t i = 0; i < pool.size(); ++i) {
    const client::MemberClient& member = pool.member(i);
    MemberSnapshot& taken = snapshot.members.emplace_back();
    taken.name = member.name();
    taken.vanished = member.member().vanished;
    if (!taken.vanished) taken.address = member.member().address.ToString();
    taken.usable = member.is_usable();
    taken.timeout = pool.timeout();
    taken.stats = member.stats();
    taken.latencies = member.latencies();
  }
  return snapshot;
}

}  // namespace ringcache::router

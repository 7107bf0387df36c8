// How one worker and its pools fare at a moment, for whoever answers `stats` on another thread.
//
// Thread safety: a plain value; shared as std::shared_ptr<const WorkerSnapshot>.

#ifndef RINGCACHE_ROUTER_STATS_WORKER_SNAPSHOT_H_
#define RINGCACHE_ROUTER_STATS_WORKER_SNAPSHOT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/member_client.h"
#include "hashring/ring.h"
#include "metrics/latency_histogram.h"
#include "router/backend/backend_pool.h"

namespace ringcache::router {

struct MemberSnapshot {
  std::string name;
  std::string address;  // where it is today; empty if it has vanished
  bool vanished = false;
  bool usable = false;  // worth a call: client::MemberClient::is_usable()
  absl::Duration timeout;
  client::MemberStats stats;
  // Null before its first reply.
  std::shared_ptr<const metrics::LatencyHistogram> latencies;
};

struct PoolSnapshot {
  std::string name;
  std::uint64_t version = 0;  // of its members
  // In the order of ring->members(). The ring is null before the first members are known.
  std::vector<MemberSnapshot> members;
  std::shared_ptr<const hashring::Ring> ring = nullptr;
};

struct WorkerSnapshot {
  bool has_routes = false;
  std::size_t clients = 0;
  std::size_t exchanges = 0;  // requests of clients that are not answered
  std::size_t calls = 0;      // of them and after them, on the long way
  std::size_t broadcasts = 0;
  std::size_t hot_keys = 0;  // that may have copies, and the bytes of those
  std::size_t hot_key_bytes = 0;
  std::vector<PoolSnapshot> pools;
};

// On the pool's thread.
PoolSnapshot SnapshotOf(const BackendPool& pool);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_STATS_WORKER_SNAPSHOT_H_

// The pools of one worker. They outlive configurations: a tree that is built of a new one gets the
// pools that have not changed, with their connections, and those that no tree has any more go.
//
// A pool that routes place in different ways is several here, each with connections of its own.
//
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_ROUTER_BACKEND_BACKEND_POOLS_H_
#define RINGCACHE_ROUTER_BACKEND_BACKEND_POOLS_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cluster_options.h"
#include "client/connection_resources.h"
#include "discovery/watcher.h"
#include "router/backend/backend_pool.h"
#include "router/backend/pool_provider.h"

namespace ringcache::router {

class BackendPools final : public PoolProvider {
 public:
  // `resources` outlive this. `defaults`: what pools do not say of themselves.
  BackendPools(client::ConnectionResources* resources, client::ClusterOptions defaults);
  // REQUIRES: all pools were given back.
  ~BackendPools() override;

  // With the members of the last Update of that name, if there was one.
  absl::StatusOr<BackendPool*> PoolFor(const PoolConfig& config, const PoolUse& use) override;
  void Release(BackendPool* pool) override;

  // Every pool of that name takes up `snapshot` (see MembersOf), as will those that are made later;
  // but a pool with weights stays as it was if those are of another number of members. Returns the
  // first error of a pool, which stays as it was, too. Not from within a callback of a connection.
  absl::Status Update(const std::string& name, std::shared_ptr<const discovery::Snapshot> snapshot);

  // Fails what is pending with kClosed. Not from within a callback of a connection.
  void Close();

  // In the order of names.
  void ForEach(absl::FunctionRef<void(const BackendPool&)> visit) const;
  std::size_t size() const;

 private:
  struct Entry {
    std::unique_ptr<BackendPool> pool;
    std::size_t users = 0;
  };
  struct Named {
    std::vector<Entry> entries;
    std::shared_ptr<const discovery::Snapshot> snapshot;
  };

  client::ConnectionResources* const resources_;
  const client::ClusterOptions defaults_;
  std::map<std::string, Named> pools_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_BACKEND_BACKEND_POOLS_H_

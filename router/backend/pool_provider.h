// Where a tree of routes gets its pools from.
//
// Thread safety: belongs to one worker.

#ifndef RINGCACHE_ROUTER_BACKEND_POOL_PROVIDER_H_
#define RINGCACHE_ROUTER_BACKEND_POOL_PROVIDER_H_

#include "absl/status/statusor.h"
#include "router/backend/backend_pool.h"
#include "router/config/pool_config.h"
#include "router/config/pool_use.h"

namespace ringcache::router {

class PoolProvider {
 public:
  virtual ~PoolProvider() = default;

  // The pool, placed as `use` says; the same one for whoever asks for the same again. It stays
  // until it was given back as often as it was given. Fails if the two do not go together.
  virtual absl::StatusOr<BackendPool*> PoolFor(const PoolConfig& config, const PoolUse& use) = 0;
  // Gives it back. Not from within a callback of one of its connections.
  virtual void Release(BackendPool* pool) = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_BACKEND_POOL_PROVIDER_H_

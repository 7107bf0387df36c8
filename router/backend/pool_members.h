// Who is in a pool, as its configuration calls them: a pool whose servers have `hostnames` knows
// them by these, so that a server that moves to another address moves no key.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_ROUTER_BACKEND_POOL_MEMBERS_H_
#define RINGCACHE_ROUTER_BACKEND_POOL_MEMBERS_H_

#include <memory>

#include "discovery/watcher.h"
#include "router/config/pool_config.h"

namespace ringcache::router {

// What a watcher of `config.address` published, with the members' names exchanged; `snapshot`
// itself for a pool without hostnames.
std::shared_ptr<const discovery::Snapshot> MembersOf(
    const PoolConfig& config, std::shared_ptr<const discovery::Snapshot> snapshot);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_BACKEND_POOL_MEMBERS_H_

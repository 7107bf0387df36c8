// What a client that discovers its servers is told when it asks this router: the members of a pool,
// as a cloud's servers would tell them (protocol/cluster_config.h).
//
// Thread safety: a pure function; belongs to the pool's thread.

#ifndef RINGCACHE_ROUTER_CLUSTER_CONFIG_REPLY_H_
#define RINGCACHE_ROUTER_CLUSTER_CONFIG_REPLY_H_

#include <string>

#include "router/backend/backend_pool.h"

namespace ringcache::router {

// The whole reply to `config get cluster`. Its version is that of the snapshot of members; members
// at unix sockets, which others cannot reach, are left out. An error if none is left.
std::string ClusterConfigReply(const BackendPool& pool);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_CLUSTER_CONFIG_REPLY_H_

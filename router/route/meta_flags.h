// The flags of a meta request that a route changes or makes.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ROUTER_ROUTE_META_FLAGS_H_
#define RINGCACHE_ROUTER_ROUTE_META_FLAGS_H_

#include "protocol/request.h"

namespace ringcache::router {

// Makes the typed flags of a meta request count in place of their text as the client sent it, of
// which a quiet flag may be left although the request is not quiet any more.
void SpellFlagsAnew(protocol::Request* request);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_META_FLAGS_H_

// The requests by which an item goes from one route to another, under the key of a client's
// request, which may be in base64.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ROUTER_ROUTE_WARMING_ITEM_TRANSFER_H_
#define RINGCACHE_ROUTER_ROUTE_WARMING_ITEM_TRANSFER_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "protocol/operation.h"
#include "router/route/reply.h"
#include "router/route/route_request.h"

namespace ringcache::router {

// A request for the same key and nothing else.
RouteRequest SameKey(const RouteRequest& request, protocol::Operation operation);
// "mg <key> k <flags>", of which MakeClassic() reads the reply.
RouteRequest MetagetFor(const RouteRequest& request, absl::string_view flags);

// Makes a VA the reply to a get, or, if it has a CAS id, to a gets. Returns the seconds that the
// item lives; kForEverS also if the reply does not say.
std::int64_t MakeClassic(Reply* reply);

// Stores value and client flags of `item`, a reply to a get: where there is nothing ...
RouteRequest AddFor(const RouteRequest& request, const Reply& item, std::int64_t exptime_s);
// ... or in place of what has this CAS id.
RouteRequest CasFor(const RouteRequest& request, const Reply& item, std::int64_t exptime_s,
                    std::uint64_t cas);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_WARMING_ITEM_TRANSFER_H_

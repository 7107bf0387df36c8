// A request for another key.
//
// Thread safety: a function only.

#ifndef RINGCACHE_ROUTER_ROUTE_REWRITING_WITH_KEY_H_
#define RINGCACHE_ROUTER_ROUTE_REWRITING_WITH_KEY_H_

#include "absl/strings/string_view.h"
#include "router/route/call.h"
#include "router/route/route_request.h"

namespace ringcache::router {

// `request` with `key`, its plain bytes, which are copied; spelled in base64 if the request's key
// is. Null if the key is too long. The result lives as long as `call`.
const RouteRequest* WithKey(Call& call, const RouteRequest& request, absl::string_view key);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_REWRITING_WITH_KEY_H_

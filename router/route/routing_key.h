// The part of a key that decides where it goes: all before the first "|#|", as mcrouter has it.
//
// Thread safety: a function only.

#ifndef RINGCACHE_ROUTER_ROUTE_ROUTING_KEY_H_
#define RINGCACHE_ROUTER_ROUTE_ROUTING_KEY_H_

#include "absl/strings/string_view.h"

namespace ringcache::router {

inline constexpr absl::string_view kHashStop = "|#|";

inline absl::string_view RoutingKey(absl::string_view key) {
  return key.substr(0, key.find(kHashStop));
}

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_ROUTING_KEY_H_
